#include "native/evaluation/feature_cache.h"

#include <array>
#include <cstring>
#include <system_error>

#include "engine/base/cache_folder.h"
#include "engine/base/hash.h"
#include "engine/base/require.h"
#include "engine/io/safetensors.h"

namespace pumice {
namespace {

uint64_t hash_of(const data::ImageSet& images) {
  const std::string shape =
      fmt::format("{} {} {} {} ", images.count, images.height, images.width, images.channels);
  const std::string_view pixels(reinterpret_cast<const char*>(images.pixels.data()),
                                images.pixels.size());
  return hash(shape) ^ hash(pixels);
}

std::vector<float> floats_of(const io::Safetensors& file, const char* name, const Shape& shape) {
  const io::NamedTensor& tensor = file.tensor(name);
  require(tensor.dtype == io::ElementType::kF32 && tensor.shape == shape,
          "{}: {}: expected {}, found {}", file.file_name(), name, shape, tensor.shape);
  std::vector<float> values(shape.size());
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

}  // namespace

FeatureCache::FeatureCache(uint64_t extractor, const data::ImageSet& images)
    : count_(images.count) {
  if (cache_folder().empty()) return;
  file_ = cache_folder() / "extractors" /
          fmt::format("features-{:016x}-{:016x}.safetensors", extractor, hash_of(images));
}

std::optional<metrics::Features> FeatureCache::read(
    const metrics::FeatureExtractor& extractor) const {
  std::error_code ignored;
  if (file_.empty() || !std::filesystem::exists(file_, ignored)) return std::nullopt;
  try {
    const io::Safetensors file = io::Safetensors::read(file_);
    return metrics::Features{
        .count = count_,
        .size = extractor.size(),
        .classes = extractor.classes(),
        .values = floats_of(file, "values", {count_, extractor.size()}),
        .probabilities = floats_of(file, "probabilities", {count_, extractor.classes()})};
  } catch (const Error&) {
    return std::nullopt;
  }
}

void FeatureCache::write(const metrics::Features& features, const Notify& notify) const {
  if (file_.empty()) return;
  const std::array<io::NamedTensor, 2> tensors{
      {{"values",
        io::ElementType::kF32,
        {features.count, features.size},
        std::as_bytes(std::span(features.values))},
       {"probabilities",
        io::ElementType::kF32,
        {features.count, features.classes},
        std::as_bytes(std::span(features.probabilities))}}};
  std::error_code ignored;
  std::filesystem::create_directories(file_.parent_path(), ignored);
  try {
    io::write_safetensors(file_, tensors, {});
  } catch (const Error& error) {
    notify(fmt::format("cannot cache the features: {}", error.what()));
  }
}

}  // namespace pumice
