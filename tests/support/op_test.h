#pragma once

#include <functional>
#include <random>
#include <string_view>
#include <vector>

#include "engine/graph/graph.h"
#include "tests/support/reference.h"
#include "tests/support/transfer.h"

namespace pumice::test {

/// The value of one element of one input; `random` repeats from run to run.
using Generator = std::function<double(size_t input, uint64_t element, std::mt19937& random)>;

Generator between(double low, double high);
Generator outside(double gap, double high);            ///< gap <= |x| <= high: around a kink
Generator listed(std::vector<double> values);          ///< in turn, repeatedly
Generator distinct();                                  ///< -2 … 2, none close to another
Generator each(std::vector<Generator> of_each_input);  ///< the last for further inputs, too

/// How often to differentiate.
enum class Check : uint8_t { kForward, kGradient, kSecondGradient };

/// |got - wanted| <= relative · |wanted| + absolute
struct Tolerance {
  double relative = 1e-5;
  double absolute = 1e-6;
};

/// One op, checked on every device for all shapes at once: its values against a reference in double
/// precision, its gradient (of Σ w·op(x), with random w) against finite differences of that
/// reference, and the gradient of that gradient in the same way. Two runs must agree to the bit,
/// and the padding after every result must be zero. A NaN in an input must appear wherever the
/// reference has one: write references that keep it. The results must be the same on a device that
/// appears to bind so little that tensors are split into parts.
struct OpTest {
  std::vector<std::vector<Shape>> shapes;  ///< of the inputs, for each case
  std::function<Tensor(const Tensors&)> run;
  std::function<Array(const Arrays&)> reference;
  Generator inputs = between(-2, 2);
  Check check = Check::kGradient;
  std::vector<size_t> differentiable = {};  ///< which inputs; empty means all
  Tolerance tolerance = {};
  Tolerance gradient_tolerance = {1e-4, 1e-5};
  Tolerance second_tolerance = {1e-3, 1e-4};
  std::vector<size_t> nan_inputs = {0, 1, 2};  ///< which take a NaN, if they exist
  bool in_parts = true;  ///< whether the op takes tensors that are larger than one binding
};

/// Adds the tests `DEVICE/Ops.name`; OP_TEST does.
bool add_op_test(std::string_view name, const char* file, int line, OpTest test);

/// Compiles the graph of every OP_TEST on `device`, which may be the null device.
void compile_op_tests(hal::Device& device);

/// Reports where `got` differs from what is wanted, and by how much.
void expect_close(const std::vector<float>& got, const std::vector<double>& wanted,
                  Tolerance tolerance, std::string_view what);

/// A tensor in its own buffer that holds `array`.
Tensor upload(hal::Device& device, Graph& graph, const Array& array);

/// A vector of these values on the device.
inline Tensor words(hal::Device& device, Graph& graph, const std::vector<uint32_t>& values) {
  return graph.external(upload(device, values, "test words"),
                        {static_cast<uint32_t>(values.size())}, DType::kU32);
}

}  // namespace pumice::test

/// OP_TEST(silu) { return {.shapes = {{{1}}, {{7, 11}}}, .run = ..., .reference = ...}; }
#define OP_TEST(name)                                                         \
  static pumice::test::OpTest name##_op_test();                               \
  [[maybe_unused]] static const bool name##_op_test_added =                   \
      pumice::test::add_op_test(#name, __FILE__, __LINE__, name##_op_test()); \
  static pumice::test::OpTest name##_op_test()
