#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/base/shape.h"

namespace pumice::test {

/// A position in an array, outermost axis first.
using Position = std::vector<uint32_t>;

/// A tensor for references: double precision on the CPU, row-major.
struct Array {
  Shape shape;
  std::vector<double> values;

  double at(const Position& position) const;
};
using Arrays = std::vector<Array>;

/// The array whose element at each position is `element(position)`.
Array build(const Shape& shape, const std::function<double(const Position&)>& element);

/// The array with these values, as many as `shape` has.
Array array(const Shape& shape, std::vector<double> values);

Array map(const Array& x, const std::function<double(double)>& f);

/// f of both, broadcast by NumPy's rules.
Array combine(const Array& a, const Array& b, const std::function<double(double, double)>& f);

/// f of all elements along `axes` (negative ones count from the end), for each position of the
/// others.
Array reduce(const Array& x, const std::vector<int>& axes, bool keep_axes,
             const std::function<double(const std::vector<double>&)>& f);

/// NaN if one of them is.
double larger(double a, double b);
double smaller(double a, double b);

double sum_of(const std::vector<double>& values);
double average(const std::vector<double>& values);

/// NaN if one of them is.
double largest(const std::vector<double>& values);

/// The sum over all axes but the first: [B, …] -> [B].
Array row_sums(const Array& x);

/// op(a)·op(b) for matrices, where op optionally transposes.
Array matmul(const Array& a, const Array& b, bool transpose_a = false, bool transpose_b = false);

}  // namespace pumice::test
