#include "engine/nn/affine.h"

#include "engine/ops/ops.h"

namespace pumice::nn {
namespace {

/// The weight as a matrix [.., columns]: [out, in] for a linear layer, [kh·kw·in, out] for a
/// convolution. Transposing a matrix does not change its singular values.
Shape matrix_of(const Shape& weight) {
  const auto columns = static_cast<uint32_t>(weight[-1]);
  return {static_cast<uint32_t>(weight.size() / columns), columns};
}

Tensor unit_vector(const Tensor& x) {
  return ops::divide(x, ops::affine(ops::sqrt(ops::sum(ops::square(x))), 1, 1e-12f));
}

/// The same numbers without a gradient.
Tensor detached(const Tensor& x) { return x.graph().view(x, x.shape()); }

}  // namespace

Affine::Affine(Parameters& parameters, const std::string& name, const Shape& weight, uint32_t out,
               Fan fan, const AffineOptions& options)
    : parameters_(&parameters) {
  weight_ = parameters.add(weight_parameter(name + ".weight", weight, fan, options.initialization));
  if (options.bias)
    bias_ = parameters.add(bias_parameter(name + ".bias", out, fan, options.initialization));
  if (options.spectral_norm) {
    singular_vector_ = parameters.add({.name = name + ".singular_vector",
                                       .shape = {matrix_of(weight)[1], 1},
                                       .initial_deviation = 1,
                                       .trainable = false});
  }
}

Tensor Affine::weight(Graph& graph, const ForwardContext& pass) const {
  Tensor weight = parameters_->tensor(graph, weight_);
  return singular_vector_ ? normalised(weight, pass) : weight;
}

Tensor Affine::bias(Graph& graph) const {
  return bias_ ? parameters_->tensor(graph, *bias_) : Tensor();
}

// As in the paper, gradients treat the singular vectors as constants.
Tensor Affine::normalised(const Tensor& weight, const ForwardContext& pass) const {
  Graph& graph = weight.graph();
  Tensor matrix = ops::reshape(weight, matrix_of(weight.shape()));
  Tensor constant = detached(matrix);
  Tensor right = pass.statistic(parameters_->tensor(graph, *singular_vector_));
  Tensor left = unit_vector(ops::matmul(constant, right));
  if (pass.is_training()) {
    Tensor next = unit_vector(ops::matmul(constant, left, {.transpose_a = true}));
    ops::store(ops::affine(next, 1, 0), right);  // a copy: a later pass overwrites the statistic
    left = unit_vector(ops::matmul(constant, next));
    right = next;
  }
  Tensor largest = ops::sum(ops::multiply(detached(left), ops::matmul(matrix, detached(right))));
  return ops::reshape(ops::divide(matrix, largest), weight.shape());
}

}  // namespace pumice::nn
