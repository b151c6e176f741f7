#include <gtest/gtest.h>

#include "engine/benchmark/synthetic_training.h"
#include "engine/hal/null/null_device.h"
#include "native/benchmark/recipes.h"
#include "native/recipes/recipe.h"
#include "tests/support/limits.h"

namespace pumice::benchmark {
namespace {

/// Of a training step on a discrete GPU, by the fixed rules for kernels.
RecipeResult counts_of(const std::string& recipe) {
  hal::Limits limits = test::limits_of(hal::DeviceType::kDiscreteGpu, 32);
  limits.max_binding_bytes = uint64_t{1} << 31;
  const auto device = hal::null::create_device(limits);
  SyntheticTraining training(*device, synthetic_model(load_recipe(recipe)), 256);
  RecipeResult counts;
  count_dispatches(training.trainer(), counts);
  return counts;
}

// On a large GPU, each barrier of a small network's step costs as much as its products. A change
// that adds some should have a reason; one that removes some lowers the numbers.
TEST(DispatchCount, OfAStepOnAGpu) {
  const RecipeResult mlp = counts_of("vae-mlp-mnist");
  EXPECT_EQ(mlp.dispatches, 50u);
  EXPECT_EQ(mlp.barriers, 29u);
  const RecipeResult wgan = counts_of("wgan-mlp-mnist");
  EXPECT_EQ(wgan.dispatches, 125u);
  EXPECT_EQ(wgan.barriers, 61u);
  const RecipeResult dcgan = counts_of("dcgan-cifar10");
  EXPECT_EQ(dcgan.dispatches, 320u);
  EXPECT_EQ(dcgan.barriers, 122u);
}

}  // namespace
}  // namespace pumice::benchmark
