#include "engine/self_test/cases.h"

namespace pumice::self_test {
namespace {

constexpr double kDifference = 1e-4;     // of the differences
constexpr uint64_t kMostNumbers = 1500;  // of a case: each is varied
constexpr double kGradientTolerance = 1e-4;

double weighted(const Case& c, const Inputs& in, const std::vector<double>& weights) {
  const std::vector<double> y = c.reference(in);
  double sum = 0;
  for (size_t i = 0; i < y.size(); ++i) sum += y[i] * weights[i];
  return sum;
}

/// The last input are the weights w; the gradients of all others, one after the other.
std::vector<double> differences(const Case& c, const Inputs& all) {
  Inputs in(all.begin(), all.end() - 1);
  const std::vector<double>& weights = all.back().values;
  std::vector<double> gradients;
  for (Numbers& input : in) {
    for (double& value : input.values) {
      const double before = value;
      value = before + kDifference;
      const double above = weighted(c, in, weights);
      value = before - kDifference;
      gradients.push_back((above - weighted(c, in, weights)) / (2 * kDifference));
      value = before;
    }
  }
  return gradients;
}

/// The value, then the gradients.
std::vector<double> value_and_differences(const Case& c, const Inputs& all) {
  std::vector<double> values = c.reference(Inputs(all.begin(), all.end() - 1));
  const std::vector<double> gradients = differences(c, all);
  values.insert(values.end(), gradients.begin(), gradients.end());
  return values;
}

/// All of them in one vector.
Tensor joined(const Tensors& tensors) {
  Tensors flat;
  for (const Tensor& tensor : tensors) {
    flat.push_back(ops::reshape(tensor, {static_cast<uint32_t>(tensor.size())}));
  }
  return ops::concat(flat, 0);
}

Tensor gradient(const Case& c, const Tensors& all) {
  const Tensors in(all.begin(), all.end() - 1);
  return joined(ops::gradients(c.run(in), all.back(), in));
}

Tensor value_and_gradient(const Case& c, const Tensors& all) {
  const Tensors in(all.begin(), all.end() - 1);
  Tensors results = {c.run(in)};
  for (const Tensor& tensor : ops::gradients(results[0], all.back(), in)) {
    results.push_back(tensor);
  }
  return joined(results);
}

uint64_t size_of(const Case& c) {
  uint64_t size = 0;
  for (const Shape& shape : c.shapes) size += shape.size();
  return size;
}

/// The shape of y; only a graph knows it.
Shape shape_of_result(const Case& c) {
  Graph graph({});
  Tensors in;
  for (const Shape& shape : c.shapes) in.push_back(ops::constant(graph, shape, 0));
  return c.run(in).shape();
}

/// Cases that also have the weights as an input.
Group derived(const Group& group, const std::string& family,
              Tensor (*run)(const Case&, const Tensors&),
              std::vector<double> (*reference)(const Case&, const Inputs&)) {
  Group result{.family = family};
  for (const Case& c : group.cases) {
    if (size_of(c) > kMostNumbers) continue;
    Case own{.shapes = c.shapes,
             .run = [=](const Tensors& all) { return run(c, all); },
             .reference = [=](const Inputs& all) { return reference(c, all); },
             .tolerance = kGradientTolerance};
    own.shapes.push_back(shape_of_result(c));
    result.cases.push_back(own);
  }
  return result;
}

}  // namespace

Group gradients_of(const Group& group) {
  return derived(group, group.family + ", gradients", gradient, differences);
}

Group with_gradients(const Group& group) {
  return derived(group, group.family + " with gradients", value_and_gradient,
                 value_and_differences);
}

}  // namespace pumice::self_test
