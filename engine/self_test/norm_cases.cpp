#include <algorithm>
#include <cmath>

#include "engine/self_test/cases.h"

namespace pumice::self_test {
namespace {

constexpr double kEpsilon = 1e-5;
constexpr double kNormTolerance = 2e-5;

/// Indices of the numbers that are normalised together: element(k), k < count.
struct Norm {
  size_t first, step, count;
};

/// Writes (x - mean) / sqrt(variance + epsilon) · scale + shift for the numbers of a row.
template <typename Parameter>
void normalise(const Inputs& in, const Norm& row, const Parameter& parameter,
               std::vector<double>& y) {
  auto x = [&](size_t k) { return in[0].values[row.first + k * row.step]; };
  double mean = 0, variance = 0;
  for (size_t k = 0; k < row.count; ++k) mean += x(k) / static_cast<double>(row.count);
  for (size_t k = 0; k < row.count; ++k) {
    variance += (x(k) - mean) * (x(k) - mean) / static_cast<double>(row.count);
  }
  for (size_t k = 0; k < row.count; ++k) {
    y[row.first + k * row.step] =
        (x(k) - mean) / std::sqrt(variance + kEpsilon) * in[1].values[parameter(k)] +
        in[2].values[parameter(k)];
  }
}

std::vector<double> batch_norm(const Inputs& in) {
  const size_t channels = in[1].values.size(), rows = in[0].values.size() / channels;
  std::vector<double> y(in[0].values.size());
  for (size_t c = 0; c < channels; ++c) {
    normalise(
        in, {c, channels, rows}, [&](size_t) { return c; }, y);
  }
  return y;
}

std::vector<double> layer_norm(const Inputs& in) {
  const size_t channels = in[1].values.size();
  std::vector<double> y(in[0].values.size());
  for (size_t first = 0; first < y.size(); first += channels) {
    normalise(
        in, {first, 1, channels}, [&](size_t k) { return k; }, y);
  }
  return y;
}

Case norm_case(const Shape& x, Tensor (*run)(const Tensors&),
               std::vector<double> (*reference)(const Inputs&)) {
  const Shape channels({x[-1]});
  return {.shapes = {x, channels, channels},
          .run = run,
          .reference = reference,
          .tolerance = kNormTolerance};
}

/// [a, b, c], reduced over the axes of the mask.
std::vector<double> reduced(const Numbers& x, int mask, bool largest) {
  const Shape& s = x.shape;
  auto kept = [&](int axis) { return mask >> axis & 1 ? size_t{1} : size_t{s[axis]}; };
  std::vector<double> y(kept(0) * kept(1) * kept(2), largest ? -INFINITY : 0.0);
  for (size_t i = 0; i < x.values.size(); ++i) {
    const size_t place[] = {i / s[2] / s[1], i / s[2] % s[1], i % s[2]};
    size_t to = 0;
    for (int axis = 0; axis < 3; ++axis) {
      if (!(mask >> axis & 1)) to = to * s[axis] + place[axis];
    }
    y[to] = largest ? std::max(y[to], x.values[i]) : y[to] + x.values[i];
  }
  return y;
}

Case reduction(const Shape& shape, int mask, bool largest) {
  std::vector<int> axes;
  double terms = 1;
  for (int axis = 0; axis < 3; ++axis) {
    if (mask >> axis & 1) axes.push_back(axis);
    if (mask >> axis & 1) terms *= shape[axis];
  }
  return {.shapes = {shape},
          .run =
              [=](const Tensors& in) {
                return largest ? ops::max(in[0], axes) : ops::sum(in[0], axes);
              },
          .reference = [=](const Inputs& in) { return reduced(in[0], mask, largest); },
          .tolerance = 1e-5 + 1e-6 * std::sqrt(terms)};
}

}  // namespace

Group batch_norms() {
  Group group{.family = "batch norm"};
  for (const Shape& shape :
       {Shape{70, 5}, Shape{16, 3, 3, 8}, Shape{4, 16, 16, 32}, Shape{900, 64}}) {
    group.cases.push_back(norm_case(
        shape, [](const Tensors& in) { return ops::batch_norm(in[0], in[1], in[2]).y; },
        batch_norm));
  }
  return group;
}

Group layer_norms() {
  Group group{.family = "layer norm"};
  for (const Shape& shape : {Shape{9, 5}, Shape{12, 70}, Shape{33, 400}, Shape{300, 64}}) {
    group.cases.push_back(norm_case(
        shape, [](const Tensors& in) { return ops::layer_norm(in[0], in[1], in[2]); }, layer_norm));
  }
  return group;
}

Group reductions() {
  Group group{.family = "reductions"};
  for (const Shape& shape :
       {Shape{3, 5, 7}, Shape{1, 1, 70001}, Shape{300, 7, 33}, Shape{2, 900, 64}}) {
    for (int mask = 1; mask < 8; ++mask) {
      for (bool largest : {false, true}) group.cases.push_back(reduction(shape, mask, largest));
    }
  }
  return group;
}

}  // namespace pumice::self_test
