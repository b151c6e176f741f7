#include "engine/io/export.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "engine/base/half.h"
#include "engine/base/require.h"
#include "engine/io/checkpoint_tensors.h"
#include "engine/io/checksum.h"

namespace pumice::io {
namespace {

Metadata exported_metadata(Metadata metadata, const models::Description& network,
                           models::Purpose purpose) {
  const bool encodes = network.family().encodes && purpose == models::Purpose::kInference;
  metadata[kExported] = encodes ? kDecodesAndEncodes : kDecodes;
  return metadata;
}

// In the order of the file, with their offsets in it.
std::vector<TensorEntry> needed_tensors(const SafetensorsHeader& header,
                                        const models::Description& network,
                                        const models::ModelOptions& options) {
  const auto shapes = parameter_shapes(network, options, header.file_name());
  std::vector<TensorEntry> needed;
  for (const TensorEntry& tensor : header.tensors()) {
    if (shapes.contains(tensor.name) || is_of_map(tensor.name)) needed.push_back(tensor);
  }
  for (const auto& [name, shape] : shapes) {
    const bool is_there = std::ranges::count(needed, name, &TensorEntry::name) > 0;
    require(is_there, "{}: has no tensor '{}'", header.file_name(), name);
  }
  std::ranges::sort(needed, {}, &TensorEntry::begin);
  return needed;
}

bool fits_half(std::span<const float> values) {
  return std::ranges::all_of(values, [](float value) { return std::abs(value) <= kLargestHalf; });
}

std::vector<float> floats_of(const NamedTensor& tensor) {
  std::vector<float> values(tensor.shape.size());
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

/// The tensors of an exported file, some of them converted.
struct Content {
  std::vector<NamedTensor> tensors;
  std::vector<std::vector<uint16_t>> halves;  ///< to which tensors point
  std::vector<std::string> too_large;

  void add(NamedTensor tensor, bool half) {
    if (half && tensor.shape.rank() > 1 && tensor.dtype == ElementType::kF32) {
      const std::vector<float> values = floats_of(tensor);
      if (fits_half(values)) {
        std::vector<uint16_t>& bits = halves.emplace_back(values.size());
        std::ranges::transform(values, bits.begin(), to_half);
        tensor.dtype = ElementType::kF16;
        tensor.bytes = std::as_bytes(std::span(bits));
      } else {
        too_large.push_back(tensor.name);
      }
    }
    tensors.push_back(std::move(tensor));
  }
};

using Use = std::function<void(std::span<const NamedTensor>, const Metadata&)>;

/// Hands over the content of the exported file; returns the names of tensors that stayed f32.
std::vector<std::string> make_export(const Checkpoint& checkpoint, const ExportOptions& options,
                                     const Use& use) {
  const SafetensorsHeader& header = checkpoint.header();
  require(!is_exported(header), "{}: expected a run's checkpoint, found one that was exported",
          header.file_name());
  require_checkpoint(header);
  models::ModelOptions model = checkpoint.inference_options();
  if (!options.with_encoder) model.purpose = models::Purpose::kDecoding;
  Content content;
  for (const TensorEntry& entry : needed_tensors(header, checkpoint.network(), model)) {
    content.add(checkpoint.tensor(entry.name), options.half);
  }
  Metadata metadata = exported_metadata(header.metadata(), checkpoint.network(), model.purpose);
  if (!options.with_origin) {
    for (const char* key : {kDevice, kTuning, kProgram}) metadata.erase(key);
  }
  metadata.insert(options.opening.begin(), options.opening.end());
  std::optional<MapTensors> map;
  if (options.map != nullptr) {
    map.emplace(*options.map);
    content.tensors.insert(content.tensors.end(), map->list().begin(), map->list().end());
    put_map(metadata, *options.map);
  }
  metadata[kChecksum] = checksum_of(content.tensors, metadata);
  use(content.tensors, metadata);
  return content.too_large;
}

}  // namespace

Excerpt excerpt_of(const SafetensorsHeader& header) {
  require_checkpoint(header);
  const models::Description network = network_of(header);
  const models::ModelOptions options = inference_options(header);
  std::vector<TensorEntry> tensors = needed_tensors(header, network, options);
  Excerpt excerpt;
  uint64_t offset = 0;
  for (TensorEntry& tensor : tensors) {
    const ByteRange range{header.data_begin() + tensor.begin, header.data_begin() + tensor.end};
    if (!excerpt.ranges.empty() && excerpt.ranges.back().end == range.begin) {
      excerpt.ranges.back().end = range.end;
    } else {
      excerpt.ranges.push_back(range);
    }
    tensor.begin = offset;
    tensor.end = offset += range.end - range.begin;
  }
  Metadata metadata = exported_metadata(header.metadata(), network, options.purpose);
  metadata.erase(kChecksum);  // of tensors that are not read here
  excerpt.header = safetensors_header(tensors, metadata);
  return excerpt;
}

std::vector<std::string> write_export(const std::filesystem::path& path,
                                      const Checkpoint& checkpoint, const ExportOptions& options) {
  return make_export(checkpoint, options, [&](const auto& tensors, const Metadata& metadata) {
    write_safetensors(path, tensors, metadata);
  });
}

std::vector<std::byte> export_bytes(const Checkpoint& checkpoint, const ExportOptions& options) {
  std::vector<std::byte> bytes;
  make_export(checkpoint, options, [&](const auto& tensors, const Metadata& metadata) {
    bytes = safetensors_bytes(tensors, metadata);
  });
  return bytes;
}

}  // namespace pumice::io
