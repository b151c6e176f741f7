#pragma once

#include <string>
#include <string_view>

#include "engine/nn/vae.h"

namespace pumice::io {

/// A network's description as a checkpoint holds it, with every layer, so that other programs can
/// rebuild it without knowing which layers the model adds:
///
///     {"format": "pumice-network", "version": 1, "model": "vae", "picture": [28, 28, 1],
///      "latent_size": 128, "reconstruction": "bce",
///      "encoder": [{"type": "linear", "out": 512, "activation": "relu"}, …,
///                  {"type": "linear", "out": 256}],
///      "decoder": […, {"type": "linear", "out": 784}]}
///
/// The encoder ends in 2·latent_size moments (means, then log-variances), the decoder in the
/// picture's values: logits where "reconstruction" is "bce", the values themselves where "mse".
std::string network_to_json(const nn::VaeDescription& description);

/// Reads it back. `where` begins the messages. Throws Error, naming the key, for text that is no
/// JSON, for unknown, missing and mistyped keys, and for a last layer that does not fit the model.
nn::VaeDescription network_from_json(std::string_view text, const std::string& where);

}  // namespace pumice::io
