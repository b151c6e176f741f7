#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <tuple>

#include "engine/base/atomic_file.h"
#include "engine/base/require.h"
#include "engine/io/safetensors.h"

namespace pumice::io {
namespace {

using nlohmann::json;

void check_bytes(const NamedTensor& tensor) {
  uint64_t needed = tensor.shape.size() * byte_size(tensor.dtype);
  require(tensor.bytes.size() == needed, "safetensors: tensor '{}': {} {} needs {} bytes, got {}",
          tensor.name, tensor.dtype, tensor.shape, needed, tensor.bytes.size());
}

// With the offsets that the tensors get in file_order.
std::vector<TensorEntry> entries_of(std::span<const NamedTensor> tensors) {
  std::vector<TensorEntry> entries;
  uint64_t offset = 0;
  for (const NamedTensor& tensor : file_order(tensors)) {
    check_bytes(tensor);
    const uint64_t end = offset + tensor.bytes.size();
    entries.push_back({tensor.name, tensor.dtype, tensor.shape, offset, end});
    offset = end;
  }
  return entries;
}

json describe(std::span<const TensorEntry> tensors, const Metadata& metadata) {
  json header = json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  for (const TensorEntry& tensor : tensors) {
    require(tensor.name != "__metadata__", "safetensors: no tensor can be named '__metadata__'");
    require(!header.contains(tensor.name), "safetensors: two tensors are named '{}'", tensor.name);
    header[tensor.name] = {{"dtype", facts(tensor.dtype).safetensors},
                           {"shape", tensor.shape.extents()},
                           {"data_offsets", {tensor.begin, tensor.end}}};
  }
  return header;
}

}  // namespace

std::vector<NamedTensor> file_order(std::span<const NamedTensor> tensors) {
  std::vector<NamedTensor> sorted(tensors.begin(), tensors.end());
  std::sort(sorted.begin(), sorted.end(), [](const NamedTensor& a, const NamedTensor& b) {
    return std::pair(byte_size(b.dtype), std::string_view(a.name)) <
           std::pair(byte_size(a.dtype), std::string_view(b.name));
  });
  return sorted;
}

std::string safetensors_header(std::span<const NamedTensor> tensors, const Metadata& metadata) {
  return safetensors_header(entries_of(tensors), metadata);
}

std::string safetensors_header(std::span<const TensorEntry> tensors, const Metadata& metadata) {
  std::string text;
  try {
    text = describe(tensors, metadata).dump();
  } catch (const json::exception&) {
    fail("safetensors: a name or the metadata is not UTF-8 text");
  }
  while (text.size() % 8 != 0) text += ' ';
  uint64_t length = text.size();
  std::string header(8, '\0');
  std::memcpy(header.data(), &length, 8);
  return header + text;
}

void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                       const Metadata& metadata, const std::function<void()>& before_replacing) {
  std::string header = safetensors_header(tensors, metadata);
  std::vector<NamedTensor> sorted = file_order(tensors);
  std::vector<ByteSpan> pieces{as_bytes(header)};
  for (const NamedTensor& tensor : sorted) pieces.push_back(tensor.bytes);
  write_file_atomically(path, pieces, before_replacing);
}

std::vector<std::byte> safetensors_bytes(std::span<const NamedTensor> tensors,
                                         const Metadata& metadata) {
  const std::string header = safetensors_header(tensors, metadata);
  const ByteSpan beginning = as_bytes(header);
  std::vector<std::byte> bytes(beginning.begin(), beginning.end());
  for (const NamedTensor& tensor : file_order(tensors)) {
    bytes.insert(bytes.end(), tensor.bytes.begin(), tensor.bytes.end());
  }
  return bytes;
}

}  // namespace pumice::io
