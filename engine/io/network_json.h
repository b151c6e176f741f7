#pragma once

#include <string>
#include <string_view>

#include "engine/models/description.h"

namespace pumice::io {

/// A network's description as stored in a checkpoint, with every layer, so that other programs can
/// rebuild it without knowing which layers the model adds:
///
///     {"format": "pumice-network", "version": 1, "model": "vae", "picture": [28, 28, 1],
///      "latent_size": 128, "reconstruction": "bce",
///      "encoder": [{"type": "linear", "out": 512, "activation": "relu"}, …,
///                  {"type": "linear", "out": 256}],
///      "decoder": […, {"type": "linear", "out": 784}]}
///
/// The encoder ends in 2·latent_size moments (means, then log-variances), the decoder in the
/// image's values: logits if "reconstruction" is "bce", the values themselves if "mse".
///
///     {…, "model": "gan", "picture": …, "latent_size": 100, "range": "symmetric",
///      "generator": […], "discriminator": […]}
///
/// The generator ends in the image's values, -1 … 1 if "range" is "symmetric", 0 … 1 if "unit";
/// the discriminator in one logit. Conditional models have "classes" after "latent_size":
/// models/condition.h describes how the networks receive labels.
///
///     {…, "model": "classifier", "picture": …, "classes": 10, "layers": […]}
std::string network_to_json(const models::Description& description);

/// The inverse. Throws Error, beginning with `where` and naming the key, for invalid JSON and for
/// unknown, missing and mistyped keys. Does not check whether the layers fit together; build()
/// does.
models::Description network_from_json(std::string_view text, const std::string& where);

}  // namespace pumice::io
