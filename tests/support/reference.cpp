#include "tests/support/reference.h"

#include <cmath>
#include <numeric>

#include "engine/base/require.h"

namespace pumice::test {
namespace {

/// Advances to the next position in row-major order.
void advance(Position& position, const Shape& shape) {
  for (size_t axis = position.size(); axis-- > 0;) {
    if (++position[axis] < shape.extents()[axis]) return;
    position[axis] = 0;
  }
}

/// The index at which a broadcast operand of `shape` is read for a `position` of the result.
Position operand_position(const Position& position, const Shape& shape) {
  Position own(shape.rank());
  for (uint32_t axis = 0; axis < shape.rank(); ++axis) {
    uint32_t at = position[position.size() - shape.rank() + axis];
    own[axis] = shape.extents()[axis] == 1 ? 0 : at;
  }
  return own;
}

}  // namespace

double Array::at(const Position& position) const {
  require(position.size() == shape.rank(), "at: {} axes for a shape {}", position.size(), shape);
  uint64_t index = 0;
  for (uint32_t axis = 0; axis < shape.rank(); ++axis) {
    index = index * shape.extents()[axis] + position[axis];
  }
  return values.at(index);
}

Array build(const Shape& shape, const std::function<double(const Position&)>& element) {
  Array result{shape, std::vector<double>(shape.size())};
  Position position(shape.rank(), 0);
  for (double& value : result.values) {
    value = element(position);
    advance(position, shape);
  }
  return result;
}

Array array(const Shape& shape, std::vector<double> values) {
  require(values.size() == shape.size(), "array: {} values for a shape {}", values.size(), shape);
  return {shape, std::move(values)};
}

Array map(const Array& x, const std::function<double(double)>& f) {
  Array result = x;
  for (double& value : result.values) value = f(value);
  return result;
}

Array combine(const Array& a, const Array& b, const std::function<double(double, double)>& f) {
  if (a.shape == b.shape) {
    Array result = a;
    for (size_t i = 0; i < a.values.size(); ++i) result.values[i] = f(a.values[i], b.values[i]);
    return result;
  }
  return build(broadcast(a.shape, b.shape), [&](const Position& position) {
    return f(a.at(operand_position(position, a.shape)), b.at(operand_position(position, b.shape)));
  });
}

Array reduce(const Array& x, const std::vector<int>& axes, bool keep_axes,
             const std::function<double(const std::vector<double>&)>& f) {
  const auto rank = static_cast<int>(x.shape.rank());
  std::vector<bool> reduced(x.shape.rank(), false);
  for (int axis : axes) reduced.at(axis < 0 ? axis + rank : axis) = true;

  std::vector<uint32_t> kept;
  for (int axis = 0; axis < rank; ++axis) {
    if (!reduced[axis]) kept.push_back(x.shape[axis]);
    if (reduced[axis] && keep_axes) kept.push_back(1);
  }
  Shape shape(kept);
  std::vector<std::vector<double>> groups(shape.size());
  Position position(x.shape.rank(), 0);
  for (double value : x.values) {
    uint64_t group = 0;
    for (int axis = 0; axis < rank; ++axis) {
      if (!reduced[axis]) group = group * x.shape[axis] + position[axis];
    }
    groups[group].push_back(value);
    advance(position, x.shape);
  }
  Array result{shape, {}};
  for (const std::vector<double>& group : groups) result.values.push_back(f(group));
  return result;
}

double larger(double a, double b) { return a > b || std::isnan(a) ? a : b; }

double smaller(double a, double b) { return a < b || std::isnan(a) ? a : b; }

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double average(const std::vector<double>& values) {
  return sum_of(values) / static_cast<double>(values.size());
}

double largest(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), values[0], larger);
}

Array row_sums(const Array& x) {
  std::vector<int> axes(x.shape.rank() - 1);
  std::iota(axes.begin(), axes.end(), 1);
  return reduce(x, axes, false, sum_of);
}

Array matmul(const Array& a, const Array& b, bool transpose_a, bool transpose_b) {
  const uint32_t rows = a.shape[transpose_a ? 1 : 0];
  const uint32_t depth = a.shape[transpose_a ? 0 : 1];
  const uint32_t columns = b.shape[transpose_b ? 0 : 1];
  const uint64_t a_row = transpose_a ? 1 : depth, a_depth = transpose_a ? rows : 1;
  const uint64_t b_column = transpose_b ? depth : 1, b_depth = transpose_b ? 1 : columns;
  Array result{{rows, columns}, std::vector<double>(uint64_t{rows} * columns, 0.0)};
  for (uint64_t i = 0; i < rows; ++i) {
    for (uint64_t k = 0; k < depth; ++k) {
      const double left = a.values[i * a_row + k * a_depth];
      for (uint64_t j = 0; j < columns; ++j) {
        result.values[i * columns + j] += left * b.values[j * b_column + k * b_depth];
      }
    }
  }
  return result;
}

}  // namespace pumice::test
