#pragma once

#include <algorithm>
#include <cmath>

#include "engine/base/require.h"
#include "engine/ops/ops.h"

namespace pumice::self_test {

inline double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// activation(x) in double precision; `slope` is that of leaky ReLU. Keeps a NaN.
inline double activated(ops::Activation activation, double x, float slope) {
  using ops::Activation;
  switch (activation) {
    case Activation::kNone:
      return x;
    case Activation::kRelu:
      return std::max(x, 0.0);
    case Activation::kLeakyRelu:
      return x < 0 ? slope * x : x;
    case Activation::kTanh:
      return std::tanh(x);
    case Activation::kSigmoid:
      return logistic(x);
    case Activation::kSoftplus:
      return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
    case Activation::kSilu:
      return x / (1 + std::exp(-x));
    case Activation::kGelu:
      return x / 2 * std::erfc(-x / std::sqrt(2.0));
  }
  fail("no activation {}", static_cast<int>(activation));
}

}  // namespace pumice::self_test
