#include <algorithm>
#include <numeric>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/graph/graph.h"

/// The members of Graph for tensors larger than one binding.
namespace pumice {
namespace {

/// How many elements each part but the last has. Parts fit in a binding, begin where a binding may
/// and are of about equal size. Where a part can hold as much, it consists of groups of four rows
/// (along the last axis), or else of whole rows.
uint64_t elements_per_part(const Shape& shape, uint64_t element_bytes, uint64_t max_binding_bytes) {
  const uint64_t aligned = hal::kBindingAlignment / element_bytes;
  const uint64_t most = max_binding_bytes / element_bytes;
  require(aligned <= most,
          "external: the device binds at most {} bytes at once, expected at least {}",
          max_binding_bytes, hal::kBindingAlignment);
  uint64_t unit = aligned;
  for (uint64_t rows : {1, 4}) {
    const uint64_t wanted = std::lcm(rows * shape[-1], aligned);
    if (wanted <= most) unit = wanted;
  }
  const uint64_t parts = divide_up(shape.size(), most / unit * unit);
  return round_up(divide_up(shape.size(), parts), unit);
}

}  // namespace

Tensor Graph::external_parts(const hal::BufferPtr& buffer, const Shape& shape, DType dtype,
                             uint64_t byte_offset) {
  const uint64_t bytes = byte_size(dtype);
  const uint64_t elements = elements_per_part(shape, bytes, limits_.max_binding_bytes);
  Tensors parts;
  for (uint64_t first = 0; first < shape.size(); first += elements) {
    auto count = static_cast<uint32_t>(std::min(elements, shape.size() - first));
    parts.push_back(external(buffer, {count}, dtype, byte_offset + first * bytes));
  }
  return join(parts, shape);
}

Tensor Graph::view_of_parts(const Tensor& base, const Shape& shape) {
  Tensors views;
  for (const Tensor& part : parts(base)) views.push_back(view(part, part.shape()));
  return join(views, shape);
}

Tensor Graph::join(const Tensors& parts, Shape shape) {
  TensorInfo info{.shape = std::move(shape)};
  info.root = static_cast<uint32_t>(tensors_.size());
  uint64_t size = 0;
  for (const Tensor& part : parts) {
    const Tensors leaves = this->parts(part);
    info.parts.insert(info.parts.end(), leaves.begin(), leaves.end());
    size += part.size();
    info.dtype = part.dtype();
  }
  require(size == info.shape.size(), "join: parts of {} elements do not fit {}", size, info.shape);
  tensors_.push_back(std::move(info));
  return {this, static_cast<uint32_t>(tensors_.size() - 1)};
}

Tensors Graph::parts(const Tensor& tensor) const {
  const Tensors& parts = info(tensor).parts;
  return parts.empty() ? Tensors{tensor} : parts;
}

Tensors Graph::parts(const Tensors& tensors) const {
  Tensors all;
  for (const Tensor& tensor : tensors) {
    for (const Tensor& part : parts(tensor)) all.push_back(part);
  }
  return all;
}

}  // namespace pumice
