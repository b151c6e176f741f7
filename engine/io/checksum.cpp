#include "engine/io/checksum.h"

#include <algorithm>

#include "engine/base/atomic_file.h"
#include "engine/base/hash.h"
#include "engine/base/require.h"

namespace pumice::io {
namespace {

uint64_t with_text(uint64_t value, std::string_view text) {
  return extended(value, digest(as_bytes(text)));
}

uint64_t with_tensor(uint64_t value, const NamedTensor& tensor) {
  value = with_text(value, tensor.name);
  value = with_text(value, facts(tensor.dtype).safetensors);
  value = extended(value, tensor.shape.rank());
  for (uint32_t extent : tensor.shape) value = extended(value, extent);
  return extended(value, digest(tensor.bytes));
}

}  // namespace

std::string checksum_of(std::span<const NamedTensor> tensors, const Metadata& metadata) {
  uint64_t value = tensors.size();
  for (const auto& [key, text] : metadata) {
    if (key != kChecksum) value = with_text(with_text(value, key), text);
  }
  std::vector<const NamedTensor*> sorted;
  for (const NamedTensor& tensor : tensors) sorted.push_back(&tensor);
  std::ranges::sort(sorted, {}, [](const NamedTensor* tensor) { return tensor->name; });
  for (const NamedTensor* tensor : sorted) value = with_tensor(value, *tensor);
  return fmt::format("{:016x}", mixed(value));
}

void require_intact(const Safetensors& file) {
  const auto expected = file.metadata().find(kChecksum);
  if (expected == file.metadata().end()) return;
  const std::string found = checksum_of(file.tensors(), file.metadata());
  if (found == expected->second) return;
  throw Damaged(fmt::format("{}: damaged: its checksum is {}, expected {}", file.file_name(), found,
                            expected->second));
}

}  // namespace pumice::io
