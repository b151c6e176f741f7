#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/base/half.h"
#include "engine/base/require.h"
#include "engine/io/latent_map.h"
#include "engine/io/latent_map_names.h"

namespace pumice::io {
namespace {

/// Reads the tensors of a map.
class Reader {
 public:
  explicit Reader(const Checkpoint& checkpoint) : checkpoint_(checkpoint) {}

  bool has(const char* name) const {
    return std::ranges::count(checkpoint_.header().tensors(), name, &TensorEntry::name) > 0;
  }

  /// Of the first axis.
  uint32_t extent(const char* name) const {
    const Shape& shape = checkpoint_.tensor(name).shape;
    if (shape.rank() == 0) refuse(name, "an array");
    return shape[0];
  }

  std::vector<uint8_t> bytes(const char* name, const Shape& shape) const {
    return values<uint8_t>(name, ElementType::kU8, shape);
  }

  std::vector<float> floats(const char* name, const Shape& shape) const {
    return finite(name, values<float>(name, ElementType::kF32, shape));
  }

  std::vector<float> halves(const char* name, const Shape& shape) const {
    const auto bits = values<uint16_t>(name, ElementType::kF16, shape);
    std::vector<float> numbers(bits.size());
    std::ranges::transform(bits, numbers.begin(), from_half);
    return finite(name, std::move(numbers));
  }

  /// Each below `count`.
  std::vector<uint32_t> indices(const char* name, uint32_t count) const {
    auto indices = values<uint32_t>(name, ElementType::kU32, {extent(name)});
    for (uint32_t index : indices) {
      if (index >= count) refuse(name, "indices below " + fmt::to_string(count));
    }
    return indices;
  }

  [[noreturn]] void refuse(const char* name, const std::string& expected) const {
    throw Error(checkpoint_.file_name() + ": tensor '" + name + "': expected " + expected);
  }

 private:
  template <typename Value>
  std::vector<Value> values(const char* name, ElementType type, const Shape& shape) const {
    const NamedTensor& tensor = checkpoint_.tensor(name);
    if (tensor.dtype != type || tensor.shape != shape) {
      refuse(name, std::string(facts(type).name) + " " + to_string(shape));
    }
    std::vector<Value> values(shape.size());
    if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
    return values;
  }

  std::vector<float> finite(const char* name, std::vector<float> numbers) const {
    for (float number : numbers) {
      if (!std::isfinite(number)) refuse(name, "finite numbers");
    }
    return numbers;
  }

  const Checkpoint& checkpoint_;
};

void read_points(const Reader& reader, uint32_t latent_size, LatentMap& map) {
  const char* points = reader.has(kLatents) ? kLatents : kPlaces;
  map.count = reader.extent(points);
  if (map.count == 0 || map.count > kMostMapPoints) reader.refuse(points, "1 … 5000 points");
  auto numbers = static_cast<uint32_t>(map.thumbnail.size());
  if (points == kLatents) {
    map.numbers = reader.indices(kNumbers, latent_size);
    numbers = static_cast<uint32_t>(map.numbers.size());
    if (numbers < 2) reader.refuse(kNumbers, "two or more");
    map.latents = reader.halves(kLatents, {map.count, numbers});
  } else {
    map.places = reader.halves(kPlaces, {map.count, 2});
  }
  map.mean = reader.floats(kMean, {map.has_latents() ? latent_size : numbers});
  map.axes = reader.floats(kAxes, {2, numbers});
}

}  // namespace

std::optional<LatentMap> latent_map_of(const Checkpoint& checkpoint) {
  const Metadata& metadata = checkpoint.header().metadata();
  const auto text = metadata.find(kMap);
  if (text == metadata.end()) return std::nullopt;
  const Reader reader(checkpoint);
  LatentMap map{.text = text->second};
  map.thumbnail = shrunk_shape(checkpoint.network().image());
  read_points(reader, checkpoint.network().latent_size(), map);
  if (reader.has(kLabels)) map.labels = reader.bytes(kLabels, {map.count});
  map.thumbnail_points = reader.indices(kThumbnailPoints, map.count);
  const auto shown = static_cast<uint32_t>(map.thumbnail_points.size());
  map.thumbnails =
      reader.bytes(kThumbnails, {shown, map.thumbnail[0], map.thumbnail[1], map.thumbnail[2]});
  if (const auto names = metadata.find(kMapClasses); names != metadata.end()) {
    map.class_names =
        class_names_from_json(names->second, checkpoint.file_name() + ": " + kMapClasses);
  }
  return map;
}

}  // namespace pumice::io
