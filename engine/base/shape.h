#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace pumice {

/// The extents of a tensor, outermost first (row-major). A scalar has rank 0 and one element.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<uint32_t> extents) : extents_(extents) {}
  explicit Shape(std::vector<uint32_t> extents) : extents_(std::move(extents)) {}

  uint32_t rank() const { return static_cast<uint32_t>(extents_.size()); }
  uint64_t size() const;  ///< number of elements; 2^64 - 1 if more

  /// Extent of one axis; negative axes count from the end. Throws Error if out of range.
  uint32_t operator[](int axis) const;

  const std::vector<uint32_t>& extents() const { return extents_; }
  auto begin() const { return extents_.begin(); }
  auto end() const { return extents_.end(); }
  bool operator==(const Shape&) const = default;

 private:
  std::vector<uint32_t> extents_;
};

/// "[128, 784]"; "[]" for a scalar.
std::string to_string(const Shape& shape);

/// The shape that `a` and `b` broadcast to by NumPy's rules. Throws Error if they are incompatible.
Shape broadcast(const Shape& a, const Shape& b);

}  // namespace pumice

template <>
struct fmt::formatter<pumice::Shape> : fmt::formatter<std::string> {
  auto format(const pumice::Shape& shape, fmt::format_context& context) const {
    return fmt::formatter<std::string>::format(pumice::to_string(shape), context);
  }
};
