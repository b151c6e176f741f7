#pragma once

#include <vector>

#include "engine/nn/parameters.h"
#include "engine/ops/ops.h"
#include "tests/support/transfer.h"

namespace pumice::test {

/// Two parameters with vec4 tails and running statistics, in one flat buffer.
struct FlatModel {
  explicit FlatModel(hal::Device& device, uint64_t seed = 1) {
    parameters.add({.name = "a", .shape = {5}, .initial_bound = 2});
    parameters.add({.name = "mean", .shape = {6}, .initial_bound = 2, .trainable = false});
    parameters.add({.name = "b", .shape = {258}, .initial_bound = 2});
    parameters.allocate(device, "parameters");
    parameters.initialize(device, seed);
  }

  /// The parameters' places in flat memory, without the gaps: a, b, then mean if there is one.
  std::vector<float> values(hal::Device& device, const hal::BufferPtr& flat) const {
    const std::vector<float> all = download<float>(device, flat, flat->bytes() / 4);
    std::vector<float> packed;
    for (bool trainable : {true, false}) {
      for (const nn::Parameter& parameter : parameters.list()) {
        if (parameter.trainable != trainable || parameter.byte_offset >= flat->bytes()) continue;
        auto begin = all.begin() + static_cast<ptrdiff_t>(parameter.byte_offset / 4);
        packed.insert(packed.end(), begin, begin + static_cast<ptrdiff_t>(parameter.shape.size()));
      }
    }
    return packed;
  }
  std::vector<float> values(hal::Device& device) const {
    return values(device, parameters.buffer());
  }

  /// How many of values() are trained.
  size_t trained() const { return parameters.count(); }

  /// Σ (p - 1)² / 2 + 3 p over the trainable ones: the gradient is p + 2.
  Tensor loss(Graph& graph) const {
    Tensor loss = ops::constant(graph, {}, 0);
    for (const Tensor& p : parameters.trainable(graph)) {
      loss = ops::add(loss, ops::sum(ops::affine(ops::square(ops::affine(p, 1, -1)), 0.5f, 0)));
      loss = ops::add(loss, ops::sum(ops::affine(p, 3, 0)));
    }
    return loss;
  }

  nn::Parameters parameters;
};

}  // namespace pumice::test
