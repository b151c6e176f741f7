#include <gtest/gtest.h>

#include <random>

#include "engine/graph/step.h"
#include "engine/hal/pack.h"
#include "kernels/test_divide.h"
#include "tests/support/devices.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

using Words = std::vector<uint32_t>;

constexpr uint32_t kLargest = 1u << 30;

/// Multiples of divisors of all sizes and their neighbours, up to the largest numbers, and others.
std::pair<Words, Words> pairs() {
  Words a, b;
  std::mt19937 random(1);
  for (uint32_t bits = 0; bits <= 30; ++bits) {
    for (int i = 0; i < 64; ++i) {
      const uint32_t divisor = i == 0 ? 1u << bits : 1 + random() % (1u << bits);
      const uint32_t multiple = kLargest / divisor * divisor >> random() % 31;
      for (uint32_t dividend : {multiple, multiple / divisor * divisor, kLargest - i}) {
        for (uint32_t near : {dividend - 1, dividend, dividend + 1}) {
          a.push_back(std::min(near, kLargest));
          b.push_back(divisor);
        }
      }
    }
  }
  return {a, b};
}

DEVICE_TEST(Divide, IsExact) {
  const auto [a, b] = pairs();
  const auto count = static_cast<uint32_t>(a.size());
  Graph graph(device.limits());
  auto words = [&](const Words& values) {
    return graph.external(upload(device, values, "test words"), {count}, DType::kU32);
  };
  Tensor quotients = graph.tensor({count}, DType::kU32);
  Tensor rests = graph.tensor({count}, DType::kU32);
  graph.add({.kernel = &kernels::test_divide,
             .inputs = {words(a), words(b)},
             .outputs = {quotients, rests},
             .params = pack(kernels::TestDivideParams{.count = count}),
             .grid = {(count - 1) / 64 + 1, 1, 1}});
  Step step(device, graph, "divide", {quotients, rests});
  step.run();
  const Words q = values_of<uint32_t>(step.read(quotients)->take());
  const Words r = values_of<uint32_t>(step.read(rests)->take());
  for (uint32_t i = 0; i < count; ++i) {
    ASSERT_EQ(q[i], a[i] / b[i]) << a[i] << " / " << b[i];
    ASSERT_EQ(r[i], a[i] % b[i]) << a[i] << " / " << b[i];
  }
}

}  // namespace
}  // namespace pumice::test
