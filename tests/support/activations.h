#pragma once

#include <functional>
#include <string>

#include "engine/ops/ops.h"
#include "tests/support/op_test.h"

namespace pumice::test {

/// activation(x) in double precision; `slope` is that of leaky ReLU.
double activated(ops::Activation activation, double x, float slope = 0.2f);

/// Its derivative at v, which is what activation_derivative() in activation.glsl takes.
double derivative_from(ops::Activation activation, double v, float slope = 0.2f);

/// How often to differentiate what ends in this activation: second differences must not cross a
/// kink.
Check check_of(ops::Activation activation);

/// Adds an op test for each activation: linear_with_relu, linear_with_tanh, …
bool add_activation_tests(const std::string& prefix, const char* file, int line,
                          const std::function<OpTest(ops::Activation)>& make);

}  // namespace pumice::test

/// ACTIVATION_TESTS(linear_with, linear_test);
#define ACTIVATION_TESTS(prefix, make)                      \
  [[maybe_unused]] static const bool prefix##_tests_added = \
      pumice::test::add_activation_tests(#prefix "_", __FILE__, __LINE__, make)
