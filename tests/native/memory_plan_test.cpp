#include "native/training/memory_plan.h"

#include <gtest/gtest.h>

#include "engine/hal/null/null_device.h"
#include "native/training/training_run.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

hal::Limits with_memory(uint64_t bytes) { return {.memory_bytes = bytes}; }

TEST(MemoryPlan, FitsAsManyRunsAsTheDeviceHolds) {
  const std::vector<uint64_t> runs(5, 100);
  EXPECT_EQ(runs_that_fit(with_memory(0), runs, 50, 0), 5u);
  EXPECT_EQ(runs_that_fit(with_memory(1000), runs, 50, 0), 5u);
  EXPECT_EQ(runs_that_fit(with_memory(400), runs, 50, 0), 3u);  // 360 are usable
  EXPECT_EQ(runs_that_fit(with_memory(400), runs, 61, 0), 2u);
  EXPECT_EQ(runs_that_fit(with_memory(1000), {100, 700, 100, 100}, 50, 0), 2u);
}

TEST(MemoryPlan, TrainsARunAloneEvenIfItDoesNotFit) {
  EXPECT_EQ(runs_that_fit(with_memory(100), {500, 10, 500}, 10, 0), 1u);
  EXPECT_EQ(runs_that_fit(with_memory(100), {}, 10, 0), 0u);
}

TEST(MemoryPlan, KeepsToTheNumberThatIsWanted) {
  const std::vector<uint64_t> runs(5, 100);
  EXPECT_EQ(runs_that_fit(with_memory(0), runs, 50, 2), 2u);
  EXPECT_EQ(runs_that_fit(with_memory(400), runs, 50, 4), 3u);
}

TEST(MemoryPlan, FindsTheBatchThatFits) {
  const test::TemporaryFolder folder;
  test::write_tiny_mnist(folder, 64, 20);
  Recipe recipe = parse_recipe(test::kTinyRecipe, "tiny.toml");
  const TrainingData data =
      load_training_data(recipe, folder.path(), [](const std::string& /*text*/) {});
  recipe.train.batch = 8;
  const TrainingMemory memory = training_memory({}, recipe, data, nullptr);
  recipe.train.batch = 64;
  const uint64_t needed = (memory.run + memory.data) * 10 / 9 + 1;
  EXPECT_EQ(batch_that_fits(with_memory(needed), recipe, data), 8u);
  EXPECT_EQ(batch_that_fits(with_memory(needed - 10), recipe, data), 4u);
  EXPECT_EQ(batch_that_fits(with_memory(memory.data), recipe, data), std::nullopt);
  EXPECT_EQ(batch_that_fits(with_memory(0), recipe, data), std::nullopt);
}

TEST(MemoryPlan, FindsTheShardsThatFit) {
  const test::TemporaryFolder folder;
  test::write_tiny_mnist(folder, 1024, 20);
  Recipe recipe = parse_recipe(test::kTinyRecipe, "tiny.toml");
  const TrainingData data =
      load_training_data(recipe, folder.path(), [](const std::string& /*text*/) {});
  recipe.train.batch = 512;
  recipe.train.shards = 4;
  const TrainingMemory memory = training_memory({}, recipe, data, nullptr);
  recipe.train.shards = 0;
  EXPECT_LT(memory.run, training_memory({}, recipe, data, nullptr).run * 2 / 5);
  const uint64_t needed = (memory.run + memory.data) * 10 / 9 + 1;
  EXPECT_EQ(shards_that_fit(with_memory(needed), recipe, data), 4u);
  EXPECT_EQ(shards_that_fit(with_memory(needed - 10), recipe, data), 8u);
  EXPECT_EQ(shards_that_fit(with_memory(memory.data), recipe, data), std::nullopt);
  EXPECT_EQ(shards_that_fit(with_memory(0), recipe, data), std::nullopt);
}

TEST(MemoryPlan, CountsWhatARunAllocates) {
  const test::TemporaryFolder folder;
  test::write_tiny_mnist(folder, 64, 20);
  const Recipe recipe = parse_recipe(test::kTinyRecipe, "tiny.toml");
  const auto device = hal::null::create_device();
  const TrainingData data =
      load_training_data(recipe, folder.path(), [](const std::string& /*text*/) {});
  const TrainingMemory memory = training_memory(device->limits(), recipe, data, nullptr);
  EXPECT_EQ(device->counts().allocations, 0u);
  const train::Datasets uploaded = upload(*device, data);
  EXPECT_EQ(memory.data, device->counts().live_bytes);
  EXPECT_GE(memory.data, 84u * 784);
  TrainingRun first(*device, recipe, data, nullptr, nullptr, uploaded);
  const uint64_t one = device->counts().live_bytes - memory.data;
  TrainingRun second(*device, recipe, data, nullptr, nullptr, uploaded);
  EXPECT_EQ(device->counts().live_bytes, memory.data + 2 * one);  // the images are there once
  EXPECT_GT(memory.run, one);                                     // and the programs that draw
  const std::vector<float> images = first.inference().decode(std::vector<float>(2));
  first.inference().encode(images);
  EXPECT_EQ(device->counts().live_bytes, memory.data + memory.run + one);
}

}  // namespace
}  // namespace pumice
