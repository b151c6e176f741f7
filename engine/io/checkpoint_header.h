#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/base/require.h"
#include "engine/io/safetensors.h"
#include "engine/models/description.h"

namespace pumice::io {

/// The metadata's "format" names PyTorch's layout, as readers elsewhere expect; ours has a key of
/// its own. Files of version 1 had kCheckpointFormat as their "format".
inline constexpr std::string_view kTensorFormat = "pt";
inline constexpr const char* kFormatKey = "pumice.format";
inline constexpr std::string_view kCheckpointFormat = "pumice-checkpoint";
inline constexpr uint32_t kCheckpointVersion = 2;

/// A newer version of the program wrote the file.
class NewerVersion : public Error {
 public:
  using Error::Error;
};

/// The prefix of an average's tensors.
inline constexpr std::string_view kAverage = "average.";

/// The metadata of exported files has this key: whether they decode, or encode as well.
inline constexpr const char* kExported = "exported";
inline constexpr std::string_view kDecodes = "decode";
inline constexpr std::string_view kDecodesAndEncodes = "decode, encode";

/// Exported files have the latent at which the page begins, numbers with commas between, and a
/// small image of what the model draws, as a data: address. May be absent.
inline constexpr const char* kFirstLatent = "first_latent";
inline constexpr const char* kThumbnail = "thumbnail";

/// Whether a file was exported (see export.h) and thus holds only what decodes or encodes.
bool is_exported(const SafetensorsHeader& header);
/// How to build the model that decodes, and encodes if it can, with the file's parameters.
models::ModelOptions inference_options(const SafetensorsHeader& header);
/// Throws NewerVersion if the file says that it is a checkpoint of a version after
/// kCheckpointVersion.
void refuse_newer(const SafetensorsHeader& header);
/// Throws Error unless the file is a checkpoint of this version or an earlier one.
void require_checkpoint(const SafetensorsHeader& header);
/// The network in the metadata. Throws Error if it is not valid.
models::Description network_of(const SafetensorsHeader& header);
/// The names and shapes of the parameters of a model with these options. Throws Error, beginning
/// with `where`, for layers that do not fit.
std::map<std::string, Shape> parameter_shapes(const models::Description& network,
                                              const models::ModelOptions& options,
                                              const std::string& where);

}  // namespace pumice::io
