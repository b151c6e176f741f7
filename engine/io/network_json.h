#pragma once

#include <string>
#include <string_view>

#include "engine/models/description.h"

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
///
///     {…, "model": "gan", "picture": …, "latent_size": 100, "range": "symmetric",
///      "generator": […], "discriminator": […]}
///
/// The generator ends in the picture's values, -1 … 1 where "range" is "symmetric", 0 … 1 where
/// "unit"; the discriminator in one logit. Conditional models have "classes" after "latent_size":
/// models/condition.h says how networks are told the class.
///
///     {…, "model": "classifier", "picture": …, "classes": 10, "layers": […]}
std::string network_to_json(const models::Description& description);

/// Reads it back. `where` begins the messages. Throws Error, naming the key, for text that is no
/// JSON, and for unknown, missing and mistyped keys. Whether the layers fit together, build() says.
models::Description network_from_json(std::string_view text, const std::string& where);

}  // namespace pumice::io
