#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <set>

#include "engine/base/require.h"
#include "engine/io/json_object.h"
#include "engine/io/safetensors.h"

namespace pumice::io {
namespace {

static_assert(std::endian::native == std::endian::little);

using Bytes = std::span<const std::byte>;

constexpr size_t kLengthBytes = 8;

uint64_t header_length(Bytes beginning, uint64_t file_bytes, const std::string& name) {
  require(std::min<uint64_t>(beginning.size(), file_bytes) >= kLengthBytes,
          "{}: not a safetensors file: expected at least 8 bytes, found {}", name, file_bytes);
  uint64_t length = 0;
  std::memcpy(&length, beginning.data(), kLengthBytes);
  require(length <= kMaxHeaderBytes, "{}: not a safetensors file: its header claims {} bytes", name,
          length);
  require(length <= file_bytes - kLengthBytes,
          "{}: truncated: expected a header of {} bytes, found {}", name, length,
          file_bytes - kLengthBytes);
  return length;
}

std::string_view header_text(Bytes beginning, uint64_t file_bytes, const std::string& name) {
  const uint64_t length = header_length(beginning, file_bytes, name);
  require(length <= beginning.size() - kLengthBytes,
          "{}: expected all {} bytes of its header, got {}", name, length,
          beginning.size() - kLengthBytes);
  return {reinterpret_cast<const char*>(beginning.data()) + kLengthBytes,
          static_cast<size_t>(length)};
}

// The format forbids repeated keys; the JSON parser would silently keep the last one.
Json parse_header(std::string_view text, const std::string& name) {
  std::set<std::string> keys;
  auto refuse_repeated = [&](int depth, Json::parse_event_t event, Json& value) {
    if (event != Json::parse_event_t::key || depth != 1) return true;
    std::string key = value.get<std::string>();
    require(keys.insert(key).second, "{}: bad header: '{}' appears twice", name, key);
    return true;
  };
  Json header = parse_json(text, name + ": bad header", refuse_repeated);
  require(header.is_object(), "{}: bad header: expected a JSON object, found {}", name,
          header.type_name());
  return header;
}

Metadata read_metadata(const Json& header, const std::string& name) {
  Metadata metadata;
  auto found = header.find("__metadata__");
  if (found == header.end()) return metadata;
  require(found->is_object(), "{}: bad header: __metadata__: expected an object, found {}", name,
          found->type_name());
  for (const auto& [key, value] : found->items()) {
    require(value.is_string(), "{}: bad header: __metadata__ '{}': expected a string, found {}",
            name, key, value.type_name());
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

/// A tensor's entry in the header, and the beginning of messages about it.
struct Entry {
  const Json& value;
  std::string where;  ///< "file: tensor 'name'"
};

const Json& field(const Entry& entry, const char* key) {
  auto found = entry.value.find(key);
  require(found != entry.value.end(), "{}: has no {}", entry.where, key);
  return *found;
}

ElementType read_dtype(const Entry& entry) {
  const Json& value = field(entry, "dtype");
  require(value.is_string(), "{}: dtype: expected a string, found {}", entry.where,
          value.type_name());
  auto dtype = from_safetensors_name(value.get<std::string>());
  require(dtype.has_value(), "{}: dtype: expected F32, F16, U32 or U8, found {}", entry.where,
          value.get<std::string>());
  return *dtype;
}

Shape read_shape(const Entry& entry) {
  const Json& value = field(entry, "shape");
  require(value.is_array(), "{}: shape: expected an array, found {}", entry.where,
          value.type_name());
  std::vector<uint32_t> extents;
  for (const Json& extent : value) {
    require(extent.is_number_unsigned() &&
                extent.get<uint64_t>() <= std::numeric_limits<uint32_t>::max(),
            "{}: shape: expected extents from 0 to 4294967295, found {}", entry.where,
            value.dump());
    extents.push_back(extent.get<uint32_t>());
  }
  return Shape(std::move(extents));
}

std::pair<uint64_t, uint64_t> read_offsets(const Entry& entry, uint64_t data_bytes) {
  const Json& value = field(entry, "data_offsets");
  bool two_numbers = value.is_array() && value.size() == 2 && value[0].is_number_unsigned() &&
                     value[1].is_number_unsigned();
  require(two_numbers, "{}: data_offsets: expected [begin, end], found {}", entry.where,
          value.dump());
  auto begin = value[0].get<uint64_t>();
  auto end = value[1].get<uint64_t>();
  require(begin <= end, "{}: data_offsets: begin {} is after end {}", entry.where, begin, end);
  require(end <= data_bytes, "{}: data_offsets: expected at most {} bytes of data, found end {}",
          entry.where, data_bytes, end);
  return {begin, end};
}

/// The bytes that a tensor needs; the largest number on overflow.
uint64_t needed_bytes(ElementType dtype, const Shape& shape) {
  uint64_t bytes = byte_size(dtype);
  for (uint32_t extent : shape) {
    if (extent == 0) return 0;
    if (bytes > std::numeric_limits<uint64_t>::max() / extent) return ~uint64_t{0};
    bytes *= extent;
  }
  return bytes;
}

TensorEntry read_tensor(const std::string& name, const Entry& entry, uint64_t data_bytes) {
  require(entry.value.is_object(), "{}: expected an object, found {}", entry.where,
          entry.value.type_name());
  ElementType dtype = read_dtype(entry);
  Shape shape = read_shape(entry);
  auto [begin, end] = read_offsets(entry, data_bytes);
  uint64_t needed = needed_bytes(dtype, shape);
  require(end - begin == needed, "{}: {} {} needs {} bytes, data_offsets has {}", entry.where,
          facts(dtype).safetensors, shape, needed, end - begin);
  return {name, dtype, std::move(shape), begin, end};
}

std::string offsets_of(const TensorEntry& tensor) {
  return fmt::format("'{}' [{}, {}]", tensor.name, tensor.begin, tensor.end);
}

// The format requires the data to be covered exactly once, without gaps.
void check_coverage(std::span<const TensorEntry> tensors, uint64_t data_bytes,
                    const std::string& name) {
  std::vector<const TensorEntry*> sorted;
  for (const TensorEntry& tensor : tensors) sorted.push_back(&tensor);
  std::sort(sorted.begin(), sorted.end(), [](const TensorEntry* a, const TensorEntry* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  uint64_t end = 0;
  for (const TensorEntry* tensor : sorted) {
    require(tensor->begin >= end, "{}: tensors overlap: {} begins before {}", name,
            offsets_of(*tensor), end);
    require(tensor->begin == end, "{}: unused bytes: {} should begin at {}", name,
            offsets_of(*tensor), end);
    end = tensor->end;
  }
  require(end == data_bytes, "{}: trailing bytes: expected {} bytes of data, found {}", name, end,
          data_bytes);
}

}  // namespace

SafetensorsHeader::SafetensorsHeader(Bytes beginning, uint64_t file_bytes, std::string file_name)
    : file_name_(std::move(file_name)) {
  const std::string_view text = header_text(beginning, file_bytes, file_name_);
  const Json header = parse_header(text, file_name_);
  metadata_ = read_metadata(header, file_name_);
  data_begin_ = kLengthBytes + text.size();
  const uint64_t data_bytes = file_bytes - data_begin_;
  for (const auto& [name, value] : header.items()) {
    if (name == "__metadata__") continue;
    const Entry entry{value, fmt::format("{}: tensor '{}'", file_name_, name)};
    tensors_.push_back(read_tensor(name, entry, data_bytes));
  }
  std::sort(tensors_.begin(), tensors_.end(),
            [](const TensorEntry& a, const TensorEntry& b) { return a.name < b.name; });
  check_coverage(tensors_, data_bytes, file_name_);
}

const std::string& SafetensorsHeader::metadata(const std::string& key) const {
  auto found = metadata_.find(key);
  require(found != metadata_.end(), "{}: its metadata has no '{}'", file_name_, key);
  return found->second;
}

}  // namespace pumice::io
