#include "engine/nn/linear.h"

namespace pumice::nn {

Linear::Linear(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
               const LinearOptions& options)
    : options_(options),
      affine_(parameters, name, {out, in}, out, {.in = in, .out = out}, options.affine) {}

Tensor Linear::operator()(const Tensor& x, const Pass& pass) const {
  Graph& graph = x.graph();
  Tensor weight = affine_.weight(graph, pass);
  return ops::linear(x, weight, affine_.bias(graph), options_.activation, options_.slope);
}

}  // namespace pumice::nn
