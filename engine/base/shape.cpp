#include "engine/base/shape.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "engine/base/require.h"

namespace pumice {

uint64_t Shape::size() const {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  uint64_t product = 1;
  for (uint32_t extent : extents_) {
    product = extent > 0 && product > kMost / extent ? kMost : product * extent;
  }
  return product;
}

uint32_t Shape::operator[](int axis) const {
  int index = axis < 0 ? axis + static_cast<int>(rank()) : axis;
  require(index >= 0 && index < static_cast<int>(rank()), "shape: no axis {} in {}", axis, *this);
  return extents_[index];
}

std::string to_string(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape.extents(), ", "));
}

Shape broadcast(const Shape& a, const Shape& b) {
  std::vector<uint32_t> extents(std::max(a.rank(), b.rank()));
  for (int axis = 1; axis <= static_cast<int>(extents.size()); ++axis) {
    uint32_t from_a = axis <= static_cast<int>(a.rank()) ? a[-axis] : 1;
    uint32_t from_b = axis <= static_cast<int>(b.rank()) ? b[-axis] : 1;
    require(from_a == from_b || from_a == 1 || from_b == 1,
            "broadcast: shapes {} and {} are incompatible", a, b);
    extents[extents.size() - axis] = from_a == 1 ? from_b : from_a;
  }
  return Shape(std::move(extents));
}

}  // namespace pumice
