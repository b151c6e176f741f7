#include "tests/support/activations.h"

#include <cmath>
#include <numbers>

#include "engine/self_test/activation_reference.h"

namespace pumice::test {

using ops::Activation;

double activated(Activation activation, double x, float slope) {
  return self_test::activated(activation, x, slope);
}

double derivative_from(Activation activation, double v, float slope) {
  const double logistic = activated(Activation::kSigmoid, v);
  switch (activation) {
    case Activation::kNone:
      return 1;
    case Activation::kRelu:
      return v > 0 ? 1 : 0;
    case Activation::kLeakyRelu:
      return v < 0 ? slope : 1;
    case Activation::kTanh:
      return 1 - v * v;
    case Activation::kSigmoid:
      return v * (1 - v);
    case Activation::kSoftplus:
      return 1 - std::exp(-v);
    case Activation::kSilu:
      return logistic * (1 + v * (1 - logistic));
    case Activation::kGelu:
      return std::erfc(-v / std::numbers::sqrt2) / 2 +
             v * std::exp(-v * v / 2) / std::sqrt(2 * std::numbers::pi);
  }
  return 0;
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
