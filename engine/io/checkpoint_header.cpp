#include "engine/io/checkpoint_header.h"

#include <algorithm>

#include "engine/base/require.h"
#include "engine/io/network_json.h"
#include "engine/models/model.h"

namespace pumice::io {

bool is_exported(const SafetensorsHeader& header) { return header.metadata().contains(kExported); }

models::ModelOptions inference_options(const SafetensorsHeader& header) {
  const bool has_average = std::ranges::any_of(header.tensors(), [](const TensorEntry& tensor) {
    return tensor.name.starts_with(kAverage);
  });
  const auto exported = header.metadata().find(kExported);
  const bool only_decodes = exported != header.metadata().end() && exported->second == kDecodes;
  return {.average = has_average,
          .purpose = only_decodes ? models::Purpose::kDecoding : models::Purpose::kInference};
}

void require_checkpoint(const SafetensorsHeader& header) {
  const std::string& format = header.metadata("format");
  const std::string& version = header.metadata("version");
  require(format == kCheckpointFormat && version == kCheckpointVersion,
          "{}: expected {} version {}, found {} {}", header.file_name(), kCheckpointFormat,
          kCheckpointVersion, format, version);
}

models::Description network_of(const SafetensorsHeader& header) {
  return network_from_json(header.metadata("network"), header.file_name() + ": network");
}

std::map<std::string, Shape> parameter_shapes(const models::Description& network,
                                              const models::ModelOptions& options,
                                              const std::string& where) {
  std::map<std::string, Shape> shapes;
  try {
    const auto model = network.build(options);
    for (const models::ParameterSet& set : model->parameters()) {
      for (const nn::Parameter& parameter : set.parameters->list()) {
        shapes[set.prefix + parameter.name] = parameter.shape;
      }
    }
  } catch (const Error& error) {
    fail("{}: network: {}", where, error.what());
  }
  return shapes;
}

}  // namespace pumice::io
