#include "engine/io/checkpoint_header.h"

#include <algorithm>
#include <charconv>

#include "engine/base/require.h"
#include "engine/io/network_json.h"
#include "engine/models/model.h"

namespace pumice::io {
namespace {

constexpr const char* kVersionKey = "version";

std::string text_of(const SafetensorsHeader& header, const char* key) {
  const auto found = header.metadata().find(key);
  return found == header.metadata().end() ? "" : found->second;
}

std::string format_of(const SafetensorsHeader& header) {
  const std::string format = text_of(header, kFormatKey);
  return format.empty() ? text_of(header, "format") : format;  // of version 1
}

/// 0 if it is missing or not a whole number.
uint32_t version_of(const SafetensorsHeader& header) {
  const std::string text = text_of(header, kVersionKey);
  uint32_t version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  return error == std::errc{} && end == text.data() + text.size() ? version : 0;
}

std::string or_nothing(const std::string& text) { return text.empty() ? "nothing" : text; }

}  // namespace

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

void refuse_newer(const SafetensorsHeader& header) {
  const uint32_t version = version_of(header);
  if (format_of(header) != kCheckpointFormat || version <= kCheckpointVersion) return;
  throw NewerVersion(
      fmt::format("{}: a newer version of Pumice wrote this checkpoint: its format is version {}, "
                  "this program reads versions up to {}",
                  header.file_name(), version, kCheckpointVersion));
}

void require_checkpoint(const SafetensorsHeader& header) {
  refuse_newer(header);
  const std::string format = format_of(header);
  require(format == kCheckpointFormat && version_of(header) > 0,
          "{}: expected {} version 1 to {}, found {} {}", header.file_name(), kCheckpointFormat,
          kCheckpointVersion, or_nothing(format), or_nothing(text_of(header, kVersionKey)));
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
