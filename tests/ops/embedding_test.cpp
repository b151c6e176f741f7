#include <gtest/gtest.h>

#include <cmath>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

using Words = std::vector<uint32_t>;

Array one_hot(const Words& ids, uint32_t classes) {
  return build({static_cast<uint32_t>(ids.size()), classes},
               [&](const Position& p) { return ids[p[0]] == p[1] ? 1.0 : 0.0; });
}

/// Ids that repeat, leave out some rows, and exceed the table.
Words ids_for(uint32_t count, uint32_t rows) {
  Words ids;
  for (uint32_t i = 0; i < count; ++i) ids.push_back(i * i * 5 % (rows + 1));
  return ids;
}

DEVICE_TEST(Embedding, IsAProductWithOneHotRows) {
  for (auto [rows, width, batch] : std::vector<std::array<uint32_t, 3>>{
           {1, 1, 1}, {3, 5, 7}, {10, 8, 33}, {11, 3, 130}, {5, 1, 4}, {257, 4, 64}}) {
    SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(width));
    const Words ids = ids_for(batch, rows);
    const Array hot = one_hot(ids, rows);
    const Array table = build({rows, width}, [](const Position& p) { return p[0] + 0.1 * p[1]; });
    const Array weights =
        build({batch, width}, [](const Position& p) { return std::sin(p[0] + 2.0 * p[1]); });
    Graph graph(device.limits());
    Tensor x = upload(device, graph, table);
    Tensor y = ops::embedding(x, words(device, graph, ids));
    Tensor w = upload(device, graph, weights);
    Tensor gradient = ops::gradients(ops::sum(ops::multiply(y, w)), {x})[0];
    Tensor again = ops::gradients(ops::sum(ops::square(gradient)), {w})[0];
    Step step(device, graph, "embedding", {y, gradient, again});
    step.run();
    const Array sums = matmul(hot, weights, true);
    const Array twice = matmul(hot, map(sums, [](double v) { return 2 * v; }));
    expect_close(step.read_floats(y), matmul(hot, table).values, {1e-6, 1e-6}, "y");
    expect_close(step.read_floats(gradient), sums.values, {1e-5, 1e-5}, "gradient");
    expect_close(step.read_floats(again), twice.values, {1e-5, 1e-4}, "gradient of it");
  }
}

DEVICE_TEST(OneHot, HasOneOneInEachRow) {
  for (uint32_t classes : {1u, 3u, 10u, 64u}) {
    const Words ids = ids_for(77, classes);
    Graph graph(device.limits());
    Tensor y = ops::one_hot(words(device, graph, ids), classes);
    Step step(device, graph, "one hot", {y});
    step.run();
    expect_close(step.read_floats(y), one_hot(ids, classes).values, {0, 0}, "one hot");
  }
}

DEVICE_TEST(Embedding, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  Tensor floats = ops::constant(graph, {2}, 0);
  Tensor ids = words(device, graph, {0, 1, 2});
  EXPECT_EQ(error_of([&] { ops::embedding(floats, ids); }),
            "embedding: expects a table [N, D], got [2]");
  EXPECT_EQ(error_of([&] { ops::one_hot(floats, 3); }),
            "one_hot: expects ids u32 [B], got f32 [2]");
  EXPECT_EQ(error_of([&] { ops::one_hot(ids, 0); }), "one_hot: expects at least one class, got 0");
}

}  // namespace
}  // namespace pumice::test
