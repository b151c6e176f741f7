#include "tests/support/activations.h"

#include <algorithm>
#include <cmath>

namespace pumice::test {

using ops::Activation;

double activated(Activation activation, double x, float slope) {
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
      return 1 / (1 + std::exp(-x));
    case Activation::kSoftplus:
      return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
    case Activation::kSilu:
      return x / (1 + std::exp(-x));
    case Activation::kGelu:
      return x / 2 * std::erfc(-x / std::sqrt(2.0));
  }
  return std::nan("");
}

Check check_of(Activation activation) {
  const bool has_kink = activation == Activation::kRelu || activation == Activation::kLeakyRelu;
  return has_kink ? Check::kGradient : Check::kSecondGradient;
}

bool add_activation_tests(const std::string& prefix, const char* file, int line,
                          const std::function<OpTest(Activation)>& make) {
  uint32_t number = 0;
  for (std::string_view name : kernels::kNames<Activation>) {
    add_op_test(prefix + std::string(name), file, line, make(static_cast<Activation>(number++)));
  }
  return true;
}

}  // namespace pumice::test
