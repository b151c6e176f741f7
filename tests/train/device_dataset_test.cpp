#include "engine/train/device_dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "engine/hal/device_with_limits.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

constexpr uint64_t kSeed = 0x123456789abcdef;

/// Pixel p of image i is (7 i + 31 p) mod 256.
data::ImageSet images(uint32_t count, uint32_t height, uint32_t width, uint32_t channels) {
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

struct DrawnRows {
  std::vector<uint32_t> indices;
  std::vector<float> weights;
  std::vector<float> images;
  std::vector<uint32_t> labels;
};

template <typename T>
void append(std::vector<T>& all, const std::vector<T>& values, size_t count) {
  all.insert(all.end(), values.begin(), values.begin() + static_cast<ptrdiff_t>(count));
}

/// Runs `steps` steps of a batch and returns their rows, step by step.
DrawnRows rows_of(hal::Device& device, const train::DeviceDataset& dataset, uint32_t batch,
                  bool shuffled, uint32_t first_step, uint32_t steps, uint64_t seed = kSeed,
                  const train::Augmentation& augmentation = {}) {
  Graph graph(device.limits());
  StepState step_state(device, "step_state");
  step_state.set(first_step, seed);
  Tensor now = step_state.tensor(graph);
  auto rows = shuffled ? dataset.shuffled_batch(now, batch, augmentation)
                       : dataset.ordered_batch(now, batch);
  step_state.advance(graph);
  Tensors outputs = {rows.images, rows.indices, rows.weights};
  if (rows.labels) outputs.push_back(rows.labels);
  Step step(device, graph, "batches", outputs);
  DrawnRows all;
  for (uint32_t i = 0; i < steps; ++i) {
    step.run();
    append(all.indices, values_of<uint32_t>(step.read(rows.indices)->take()), batch);
    append(all.weights, step.read_floats(rows.weights), batch);
    append(all.images, step.read_floats(rows.images), rows.images.size());
    if (!rows.labels) continue;
    append(all.labels, values_of<uint32_t>(step.read(rows.labels)->take()), batch);
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

// Sizes around powers of four, at which the permutation's domain grows.
DEVICE_TEST(DeviceDataset, ShowsEveryExampleOncePerEpoch) {
  for (uint32_t count : {1u, 2u, 3u, 4u, 5u, 16u, 17u, 63u, 64u, 65u, 257u, 1000u}) {
    SCOPED_TRACE(count);
    train::DeviceDataset dataset(device, images(count, 1, 1, 1), "set");
    std::set<std::vector<uint32_t>> orders;
    for (uint32_t epoch = 0; epoch < 3; ++epoch) {
      DrawnRows rows = rows_of(device, dataset, count, true, epoch, 1);
      EXPECT_EQ(sorted(rows.indices), counted(count));
      EXPECT_EQ(rows.weights, std::vector<float>(count, 1));
      orders.insert(rows.indices);
    }
    EXPECT_TRUE(orders.size() == 3 || count <= 5) << "two epochs have the same order";
  }
}

DEVICE_TEST(DeviceDataset, NeverRepeatsWithinAnEpochOfSeveralSteps) {
  train::DeviceDataset dataset(device, images(103, 1, 1, 1), "set");
  ASSERT_EQ(dataset.full_steps(10), 10u);
  DrawnRows rows = rows_of(device, dataset, 10, true, 20, 20);  // epochs 2 and 3
  const std::set<uint32_t> third(rows.indices.begin(), rows.indices.begin() + 100);
  const std::set<uint32_t> fourth(rows.indices.begin() + 100, rows.indices.end());
  EXPECT_EQ(third.size(), 100u);
  EXPECT_EQ(fourth.size(), 100u);
  EXPECT_LT(*third.rbegin(), 103u);
  EXPECT_EQ(rows_of(device, dataset, 10, true, 20, 20).indices, rows.indices);
  EXPECT_NE(rows_of(device, dataset, 10, true, 20, 20, kSeed + 1).indices, rows.indices);
}

/// A permutation with a recognizable order would train worse: it needs few fixed points, and
/// neighbours must be separated.
DEVICE_TEST(DeviceDataset, ShufflesWell) {
  train::DeviceDataset dataset(device, images(1000, 1, 1, 1), "set");
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
  train::DeviceDataset dataset(device, images(10, 1, 1, 1), "set");
  ASSERT_EQ(dataset.covering_steps(4), 3u);
  DrawnRows rows = rows_of(device, dataset, 4, false, 0, 4);
  const std::vector<uint32_t> indices = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 0, 1, 2, 3};
  const std::vector<float> weights = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1};
  EXPECT_EQ(rows.indices, indices);
  EXPECT_EQ(rows.weights, weights);
}

DEVICE_TEST(DeviceDataset, GathersImagesOfOddSizes) {
  struct Size {
    uint32_t height, width, channels;
  };
  for (Size size : {Size{1, 1, 1}, {1, 3, 1}, {5, 7, 1}, {3, 3, 3}, {4, 4, 1}, {28, 28, 1}}) {
    data::ImageSet set = images(13, size.height, size.width, size.channels);
    train::DeviceDataset dataset(device, set, "set");
    DrawnRows rows = rows_of(device, dataset, 7, true, 0, 2);
    const size_t pixels = dataset.image().size();
    ASSERT_EQ(rows.images.size(), 14 * pixels);
    for (size_t i = 0; i < rows.images.size(); ++i) {
      auto pixel = static_cast<uint8_t>(set.pixels[rows.indices[i / pixels] * pixels + i % pixels]);
      ASSERT_NEAR(rows.images[i], pixel / 255.0, 1e-6) << "element " << i << " of " << pixels;
    }
  }
}

DEVICE_TEST(DeviceDataset, GathersLabels) {
  data::ImageSet set = images(13, 1, 1, 1);
  for (uint32_t i = 0; i < 13; ++i) set.labels.push_back(static_cast<data::Label>(65535 - 3 * i));
  train::DeviceDataset dataset(device, set, "set");
  EXPECT_EQ(dataset.classes(), 65536u);
  DrawnRows rows = rows_of(device, dataset, 7, true, 0, 3);
  ASSERT_EQ(rows.labels.size(), 21u);
  for (size_t i = 0; i < 21; ++i) EXPECT_EQ(rows.labels[i], set.labels[rows.indices[i]]) << i;
}

DEVICE_TEST(DeviceDataset, HasNoLabelsWithoutClasses) {
  train::DeviceDataset dataset(device, images(13, 1, 1, 1), "set");
  EXPECT_EQ(dataset.classes(), 0u);
  Graph graph(device.limits());
  StepState step_state(device, "step_state");
  EXPECT_FALSE(dataset.ordered_batch(step_state.tensor(graph), 4).labels);
}

hal::Limits with_bindings(hal::Limits limits, uint64_t bytes) {
  limits.max_binding_bytes = bytes;
  return limits;
}

/// A device that reports smaller bindings than it has.
class SmallBindings : public hal::DeviceWithLimits {
 public:
  SmallBindings(hal::Device& device, uint64_t bytes)
      : DeviceWithLimits(device, with_bindings(device.limits(), bytes)) {}
  hal::BufferPtr allocate(uint64_t bytes, std::string_view label) override {
    EXPECT_TRUE(!label.ends_with(".pixels") || bytes <= limits().max_binding_bytes) << bytes;
    return DeviceWithLimits::allocate(bytes, label);
  }
};

// An image of 3x3x3 takes 28 bytes: 103 of them fill 1, 2, 6 and 103 bindings.
DEVICE_TEST(DeviceDataset, GathersFromAsManyBindingsAsItFills) {
  train::DeviceDataset whole(device, images(103, 3, 3, 3), "set");
  for (bool shuffled : {false, true}) {
    const DrawnRows expected = rows_of(device, whole, 51, shuffled, 0, 3);
    for (uint64_t bytes : {2900, 2898, 600, 208}) {
      SmallBindings small(device, bytes);
      train::DeviceDataset parts(small, images(103, 3, 3, 3), "set");
      const DrawnRows rows = rows_of(small, parts, 51, shuffled, 0, 3);
      EXPECT_EQ(rows.indices, expected.indices);
      EXPECT_EQ(rows.images, expected.images) << "bindings of " << bytes << " bytes";
    }
  }
  SmallBindings too_small(device, 42);
  EXPECT_EQ(error_of([&] { train::DeviceDataset(too_small, images(1, 3, 3, 3), "set"); }),
            "set: an image of [3, 3, 3] does not fit in a binding");
}

/// How a row's image was shifted (right, down) and whether it was mirrored; "?" if nothing fits.
std::string look_of(const float* row, const data::ImageSet& set, uint32_t index, int crop) {
  const int height = int(set.height), width = int(set.width), channels = int(set.channels);
  for (int mirrored : {0, 1}) {
    for (int down = -crop; down <= crop; ++down) {
      for (int right = -crop; right <= crop; ++right) {
        bool same = true;
        for (int i = 0; same && i < height * width * channels; ++i) {
          int x = i / channels % width, y = i / (channels * width) + down;
          x = (mirrored ? width - 1 - x : x) + right;
          bool inside = x >= 0 && x < width && y >= 0 && y < height;
          int at = (y * width + x) * channels + i % channels;
          int pixel = inside ? set.pixels[index * set.image_size() + size_t(at)] : 0;
          same = std::abs(row[i] - float(pixel) / 255) < 1e-6f;
        }
        if (same) return fmt::format("{} {} {}", mirrored, right, down);
      }
    }
  }
  return "?";
}

std::map<std::string, int> looks_of(const DrawnRows& rows, const data::ImageSet& set, int crop) {
  std::map<std::string, int> looks;
  for (size_t i = 0; i < rows.indices.size(); ++i) {
    ++looks[look_of(&rows.images[i * set.image_size()], set, rows.indices[i], crop)];
  }
  return looks;
}

DEVICE_TEST(DeviceDataset, MirrorsHalfOfTheTrainingImages) {
  const data::ImageSet set = images(100, 4, 5, 3);
  train::DeviceDataset dataset(device, set, "set");
  const DrawnRows rows = rows_of(device, dataset, 100, true, 0, 4, kSeed, {.flip = true});
  const std::map<std::string, int> looks = looks_of(rows, set, 0);
  ASSERT_EQ(looks.size(), 2u);
  EXPECT_NEAR(looks.at("1 0 0"), 200, 40);  // four standard deviations
}

DEVICE_TEST(DeviceDataset, ShiftsTrainingImagesEvenlyInEveryDirection) {
  const data::ImageSet set = images(100, 6, 5, 1);
  train::DeviceDataset dataset(device, set, "set");
  const train::Augmentation both{.flip = true, .crop = 1};
  const DrawnRows rows = rows_of(device, dataset, 100, true, 0, 18, kSeed, both);
  const std::map<std::string, int> looks = looks_of(rows, set, 1);
  ASSERT_EQ(looks.size(), 18u);
  for (const auto& [look, count] : looks) EXPECT_NEAR(count, 100, 40) << look;
  EXPECT_EQ(rows_of(device, dataset, 100, true, 0, 18, kSeed, both).images, rows.images);
  SmallBindings small(device, 600);
  train::DeviceDataset parts(small, set, "set");
  EXPECT_EQ(rows_of(small, parts, 100, true, 0, 18, kSeed, both).images, rows.images);
}

DEVICE_TEST(DeviceDataset, RefusesImpossibleBatches) {
  EXPECT_EQ(error_of([&] { train::DeviceDataset(device, data::ImageSet{}, "train"); }),
            "train: the data set has no images");
  train::DeviceDataset dataset(device, images(10, 1, 1, 1), "train");
  EXPECT_EQ(error_of([&] { dataset.full_steps(11); }),
            "train: expects a batch of 1 … 10 images, got 11");
  train::DeviceDataset single(device, images(1, 1, 1, 1), "train");
  EXPECT_EQ(error_of([&] { single.full_steps(2); }), "train: expects a batch of 1 image, got 2");
}

}  // namespace
}  // namespace pumice::test
