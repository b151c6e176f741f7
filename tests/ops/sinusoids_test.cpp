#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

OpTest sinusoids(uint32_t size, std::vector<std::vector<Shape>> shapes) {
  return {.shapes = std::move(shapes),
          .run = [size](const Tensors& in) { return ops::sinusoids(in[0], size); },
          .reference =
              [size](const Arrays& in) {
                const auto batch = static_cast<uint32_t>(in[0].values.size());
                return build({batch, size}, [&](const Position& p) {
                  const uint32_t k = p[1] % (size / 2) + 1;
                  const double angle = std::numbers::pi * k * in[0].values[p[0]];
                  return p[1] < size / 2 ? std::sin(angle) : std::cos(angle);
                });
              },
          .inputs = between(0, 1),
          .check = Check::kForward,
          .tolerance = {1e-5, 1e-5},
          .in_parts = false};
}

[[maybe_unused]] const bool kIsAdded =
    add_op_test("sinusoids_of_two", __FILE__, __LINE__, sinusoids(2, {{{1}}, {{7}}, {{64}}})) &&
    add_op_test("sinusoids_of_six", __FILE__, __LINE__, sinusoids(6, {{{1}}, {{5}}, {{33}}})) &&
    add_op_test("sinusoids_of_64", __FILE__, __LINE__, sinusoids(64, {{{3}}, {{130}}}));

DEVICE_TEST(Sinusoids, RefuseWhatDoesNotFit) {
  Graph graph(device.limits());
  EXPECT_EQ(error_of([&] {
              ops::sinusoids(ops::constant(graph, {2, 1}, 0), 4);
            }),
            "sinusoids: expects times [B], got [2, 1]");
  EXPECT_EQ(error_of([&] { ops::sinusoids(ops::constant(graph, {2}, 0), 5); }),
            "sinusoids: expects an even size of at least 2, got 5");
}

}  // namespace
}  // namespace pumice::test
