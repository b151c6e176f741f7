#include "engine/data/device_dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "engine/graph/step.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/train/clock.h"
#include "kernels/gather_labels.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

constexpr uint64_t kSeed = 0x123456789abcdef;

/// Pixel p of picture i is (7 i + 31 p) mod 256.
data::ImageSet pictures(uint32_t count, uint32_t height, uint32_t width, uint32_t channels) {
  data::ImageSet set;
  set.count = count;
  set.height = height;
  set.width = width;
  set.channels = channels;
  for (uint32_t i = 0; i < count; ++i) {
    for (uint32_t p = 0; p < height * width * channels; ++p) {
      set.pixels.push_back(static_cast<decltype(set.pixels)::value_type>(7 * i + 31 * p));
    }
  }
  return set;
}

struct Rows {
  std::vector<uint32_t> indices;
  std::vector<float> weights;
  std::vector<float> pictures;
};

/// Runs `steps` steps of a batch and gives their rows, one step behind the other.
Rows rows_of(hal::Device& device, const data::DeviceDataset& dataset, uint32_t batch, bool shuffled,
             uint32_t first_step, uint32_t steps, uint64_t seed = kSeed) {
  Graph graph(device.limits());
  train::Clock clock(device, "clock");
  clock.set(first_step, seed);
  Tensor now = clock.tensor(graph);
  auto rows = shuffled ? dataset.shuffled_batch(now, batch) : dataset.ordered_batch(now, batch);
  clock.advance(graph);
  Step step(device, graph, "batches", {rows.pictures, rows.indices, rows.weights});
  Rows all;
  for (uint32_t i = 0; i < steps; ++i) {
    step.run();
    auto indices = values_of<uint32_t>(step.read(rows.indices)->take());
    auto weights = step.read_floats(rows.weights);
    auto pixels = step.read_floats(rows.pictures);
    all.indices.insert(all.indices.end(), indices.begin(), indices.begin() + batch);
    all.weights.insert(all.weights.end(), weights.begin(), weights.end());
    all.pictures.insert(all.pictures.end(), pixels.begin(), pixels.end());
  }
  return all;
}

std::vector<uint32_t> counted(uint32_t count) {
  std::vector<uint32_t> all(count);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

std::vector<uint32_t> sorted(std::vector<uint32_t> values) {
  std::sort(values.begin(), values.end());
  return values;
}

// Sizes around powers of four, where the permutation's domain grows.
DEVICE_TEST(DeviceDataset, ShowsEveryExampleOncePerEpoch) {
  for (uint32_t count : {1u, 2u, 3u, 4u, 5u, 16u, 17u, 63u, 64u, 65u, 257u, 1000u}) {
    SCOPED_TRACE(count);
    data::DeviceDataset dataset(device, pictures(count, 1, 1, 1), "set");
    std::set<std::vector<uint32_t>> orders;
    for (uint32_t epoch = 0; epoch < 3; ++epoch) {
      Rows rows = rows_of(device, dataset, count, true, epoch, 1);
      EXPECT_EQ(sorted(rows.indices), counted(count));
      EXPECT_EQ(rows.weights, std::vector<float>(count, 1));
      orders.insert(rows.indices);
    }
    EXPECT_TRUE(orders.size() == 3 || count <= 5) << "two epochs have the same order";
  }
}

DEVICE_TEST(DeviceDataset, NeverRepeatsWithinAnEpochOfSeveralSteps) {
  data::DeviceDataset dataset(device, pictures(103, 1, 1, 1), "set");
  ASSERT_EQ(dataset.full_steps(10), 10u);
  Rows rows = rows_of(device, dataset, 10, true, 20, 20);  // the epochs 2 and 3
  const std::set<uint32_t> third(rows.indices.begin(), rows.indices.begin() + 100);
  const std::set<uint32_t> fourth(rows.indices.begin() + 100, rows.indices.end());
  EXPECT_EQ(third.size(), 100u);
  EXPECT_EQ(fourth.size(), 100u);
  EXPECT_LT(*third.rbegin(), 103u);
  EXPECT_EQ(rows_of(device, dataset, 10, true, 20, 20).indices, rows.indices);
  EXPECT_NE(rows_of(device, dataset, 10, true, 20, 20, kSeed + 1).indices, rows.indices);
}

/// A permutation that leaves its order recognizable would train worse: few fixed points, and
/// neighbours part.
DEVICE_TEST(DeviceDataset, ShufflesWell) {
  data::DeviceDataset dataset(device, pictures(1000, 1, 1, 1), "set");
  const std::vector<uint32_t> order = rows_of(device, dataset, 1000, true, 3, 1).indices;
  int fixed = 0, neighbours = 0;
  double agreement = 0;
  for (uint32_t i = 0; i < 1000; ++i) {
    fixed += order[i] == i;
    neighbours += i > 0 && order[i] == order[i - 1] + 1;
    agreement += (order[i] - 499.5) * (i - 499.5) / (1000 * 83333.25);
  }
  EXPECT_LT(fixed, 8);       // expected: 1
  EXPECT_LT(neighbours, 8);  // expected: 1
  EXPECT_LT(std::abs(agreement), 0.13);
}

DEVICE_TEST(DeviceDataset, GoesInOrderWithoutWeightPastTheEnd) {
  data::DeviceDataset dataset(device, pictures(10, 1, 1, 1), "set");
  ASSERT_EQ(dataset.covering_steps(4), 3u);
  Rows rows = rows_of(device, dataset, 4, false, 0, 4);
  const std::vector<uint32_t> indices = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 0, 1, 2, 3};
  const std::vector<float> weights = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1};
  EXPECT_EQ(rows.indices, indices);
  EXPECT_EQ(rows.weights, weights);
}

DEVICE_TEST(DeviceDataset, GathersPicturesOfOddSizes) {
  struct Size {
    uint32_t height, width, channels;
  };
  for (Size size : {Size{1, 1, 1}, {1, 3, 1}, {5, 7, 1}, {3, 3, 3}, {4, 4, 1}, {28, 28, 1}}) {
    data::ImageSet set = pictures(13, size.height, size.width, size.channels);
    data::DeviceDataset dataset(device, set, "set");
    Rows rows = rows_of(device, dataset, 7, true, 0, 2);
    const size_t pixels = dataset.picture().size();
    ASSERT_EQ(rows.pictures.size(), 14 * pixels);
    for (size_t i = 0; i < rows.pictures.size(); ++i) {
      auto pixel = static_cast<uint8_t>(set.pixels[rows.indices[i / pixels] * pixels + i % pixels]);
      ASSERT_NEAR(rows.pictures[i], pixel / 255.0, 1e-6) << "element " << i << " of " << pixels;
    }
  }
}

DEVICE_TEST(DeviceDataset, GathersLabels) {
  Graph graph(device.limits());
  const std::vector<uint32_t> packed = {0x04030201, 0xff070605, 0, 0};
  const std::vector<uint32_t> places = {6, 0, 7, 3, 3};
  Tensor labels = graph.external(upload(device, packed, "labels"), {4}, DType::kU32);
  Tensor index = graph.external(upload(device, places, "index"), {5}, DType::kU32);
  Tensor y = graph.tensor({5}, DType::kU32);
  graph.add({.kernel = &kernels::gather_labels,
             .inputs = {labels, index},
             .outputs = {y},
             .params = pack(kernels::GatherLabelsParams{.count = 5})});
  Step step(device, graph, "labels", {y});
  step.run();
  auto values = values_of<uint32_t>(step.read(y)->take());
  values.resize(5);
  EXPECT_EQ(values, std::vector<uint32_t>({7, 1, 255, 4, 4}));
}

DEVICE_TEST(DeviceDataset, RefusesImpossibleBatches) {
  EXPECT_EQ(error_of([&] { data::DeviceDataset(device, data::ImageSet{}, "train"); }),
            "train: the data set has no pictures");
  data::DeviceDataset dataset(device, pictures(10, 1, 1, 1), "train");
  EXPECT_EQ(error_of([&] { dataset.full_steps(11); }),
            "train: expects a batch of 1 … 10 pictures, got 11");
}

}  // namespace
}  // namespace pumice::test
