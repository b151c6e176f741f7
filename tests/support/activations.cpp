#include "tests/support/activations.h"

#include "engine/self_test/activation_reference.h"

namespace pumice::test {

using ops::Activation;

double activated(Activation activation, double x, float slope) {
  return self_test::activated(activation, x, slope);
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
