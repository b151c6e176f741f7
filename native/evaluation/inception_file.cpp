#include "native/evaluation/inception_file.h"

#include <cstring>

#include "engine/base/require.h"
#include "engine/io/safetensors.h"
#include "engine/metrics/inception_extractor.h"

namespace pumice {
namespace {

/// Empty if the file has none.
std::string metadata(const io::Safetensors& file, const std::string& key) {
  const auto found = file.metadata().find(key);
  return found == file.metadata().end() ? "" : found->second;
}

metrics::InceptionVariant variant_of(const io::Safetensors& file) {
  require(metadata(file, "format") == "inception-v3",
          "{}: expected weights of Inception-v3 as written by scripts/convert_inception.py, found "
          "those of another network",
          file.file_name());
  const std::string variant = metadata(file, "variant");
  require(variant == "fid" || variant == "torchvision",
          "{}: expected Inception-v3's variant \"fid\" or \"torchvision\", found \"{}\"",
          file.file_name(), variant);
  return variant == "fid" ? metrics::InceptionVariant::kFid
                          : metrics::InceptionVariant::kTorchvision;
}

std::vector<float> values_of(const io::Safetensors& file, const std::string& name,
                             const Shape& shape) {
  const io::NamedTensor* tensor = file.find(name);
  require(tensor != nullptr, "{}: expected the weights of Inception-v3, which has a tensor {}",
          file.file_name(), name);
  require(tensor->dtype == io::ElementType::kF32 && tensor->shape == shape,
          "{}: {}: Inception-v3's is f32 {}, found {} {}", file.file_name(), name, shape,
          tensor->dtype, tensor->shape);
  std::vector<float> values(shape.size());
  std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
  return values;
}

}  // namespace

std::unique_ptr<metrics::FeatureExtractor> open_inception(hal::Device& device,
                                                          const std::filesystem::path& file) {
  const io::Safetensors weights = io::Safetensors::read(file);
  return metrics::inception_v3_extractor(
      device, variant_of(weights),
      [&](const std::string& name, const Shape& shape) { return values_of(weights, name, shape); });
}

void require_inception(const std::filesystem::path& file) {
  variant_of(io::Safetensors::read(file));
}

}  // namespace pumice
