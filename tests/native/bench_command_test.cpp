#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/benchmark/ceilings.h"
#include "engine/benchmark/training.h"
#include "engine/graph/step.h"
#include "engine/hal/cpu/cores/cores.h"
#include "engine/hal/null/null_device.h"
#include "kernels/conv_registers.h"
#include "kernels/matmul_registers.h"
#include "kernels/shared.h"
#include "native/benchmark/kernels.h"
#include "native/benchmark/recipes.h"
#include "tests/support/contains.h"
#include "tests/support/devices.h"
#include "tests/support/limits.h"
#include "tests/support/program.h"

namespace pumice {
namespace {

using nlohmann::json;
using test::ProgramResult;

ProgramResult bench(test::Program::Texts arguments) {
  arguments.insert(arguments.begin(), {"bench", "--device", "cpu", "--seconds", "0.2"});
  return test::run_program(arguments);
}

void expect_measurement(const json& own) {
  for (const char* key : {"name", "unit", "median", "first_quartile", "third_quartile", "samples"})
    EXPECT_TRUE(own.contains(key)) << key << " in " << own.dump();
  EXPECT_GT(own["median"], 0) << own["name"];
  EXPECT_LE(own["first_quartile"], own["third_quartile"]);
  EXPECT_FALSE(own["samples"].empty());
}

TEST(BenchCommand, WritesAllFormats) {
  const test::TemporaryFolder folder;
  const ProgramResult result =
      bench({"--workload", "vae-mlp-mnist", "--out", folder / "a.json", "--out", folder / "a.md",
             "--out", folder / "a.csv", "--out", folder / "a.html"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(result.out.starts_with("pumice "));
  EXPECT_EQ(test::content_of(folder / "a.md"), "<!-- Pumice -->\n\n" + result.out);
  const json written = json::parse(test::content_of(folder / "a.json"));
  for (const char* key :
       {"generator", "format", "format_version", "workload_version", "pumice", "device", "os",
        "tuned", "seconds", "ceilings", "training", "kernels", "recipes"})
    EXPECT_TRUE(written.contains(key)) << key;
  ASSERT_EQ(written["ceilings"].size(), 5u);
  for (const json& own : written["ceilings"]) expect_measurement(own);
  ASSERT_EQ(written["training"].size(), 1u);
  const json& training = written["training"][0];
  expect_measurement(training);
  EXPECT_EQ(training["batch"], 128);
  EXPECT_EQ(training["gate"]["verdict"], "valid") << training["gate"];
  EXPECT_GE(training["gate"]["steps"], 2);
  EXPECT_GT(training["fraction_of_ceiling"], 0);
  EXPECT_TRUE(test::contains(test::content_of(folder / "a.csv"), "training,vae-mlp-mnist"));
  EXPECT_TRUE(test::content_of(folder / "a.html").starts_with("<!doctype html>"));

  const ProgramResult compared =
      test::run_program({"bench", "--compare", folder / "a.json", folder / "a.json"});
  EXPECT_EQ(compared.exit_code, 0) << compared.err;
  EXPECT_TRUE(test::contains(compared.out, " 1.00 ("));
  const test::Program::Texts again{"bench", "--compare",       folder / "a.json", folder / "a.json",
                                   "-o",    folder / "b.html", folder / "b.md"};
  ASSERT_EQ(test::run_program(again).exit_code, 0);
  EXPECT_TRUE(test::content_of(folder / "b.html").starts_with("<!doctype html>"));
  EXPECT_EQ(test::content_of(folder / "b.md"), "<!-- Pumice -->\n\n" + compared.out);
  EXPECT_EQ(test::run_program(again).exit_code, 0);  // replaces its own
}

TEST(BenchCommand, MeasuresARecipe) {
  const ProgramResult result = bench({"--recipe", "vae-mlp-mnist-z2", "--dispatches", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const json written = json::parse(result.out);
  EXPECT_TRUE(written["training"].empty());
  ASSERT_EQ(written["recipes"].size(), 3u);
  for (const json& own : written["recipes"]) expect_measurement(own);
  const json& step = written["recipes"][0];
  EXPECT_EQ(step["dispatches"], step["dispatch_times"].size());
  EXPECT_LT(step["barriers"], step["dispatches"]);
  EXPECT_GT(step["bytes"], 4u << 20);
  EXPECT_EQ(step["precision"], "f32");
  const json& on_device = written["recipes"][1];
  EXPECT_EQ(on_device["name"], "vae-mlp-mnist-z2, on the device");
  EXPECT_EQ(on_device["unit"], "us");
  EXPECT_EQ(written["recipes"][2]["name"], "vae-mlp-mnist-z2, decode");
}

TEST(BenchCommand, MeasuresOtherPrecisionsOnlyWhereTheDeviceHasThem) {
  const ProgramResult result =
      bench({"--recipe", "vae-mlp-mnist-z2", "--precision", "mixed", "--format", "csv"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(test::contains(result.err, "all products are computed in f32"));
  EXPECT_TRUE(test::contains(result.out, "\nrecipes,vae-mlp-mnist-z2,images/s,")) << result.out;
  EXPECT_EQ(bench({"--precision", "mixed"}).exit_code, 2);
}

TEST(BenchCommand, NamesThePrecisionOfARecipe) {
  hal::Limits limits = test::limits_of(hal::DeviceType::kDiscreteGpu, 32);
  limits.features |= static_cast<uint32_t>(hal::Feature::kCooperativeMatrix);
  limits.matrix_size = {16, 16, 16};
  limits.max_shared_bytes = 48 << 10;
  const auto device = hal::null::create_device(limits);
  const benchmark::RecipeOptions options{.seconds = 0.01, .precision = "mixed"};
  const Recipe recipe = benchmark::recipe_to_measure("vae-mlp-mnist", options);
  const benchmark::RecipeResult result = benchmark::measure_recipe(*device, recipe, options);
  EXPECT_EQ(result.step.name, "vae-mlp-mnist, mixed") << result.problem;
  EXPECT_EQ(result.precision, "mixed");
}

TEST(BenchCommand, PrintsWhatItMeasuredIfAFileCannotBeWritten) {
  const test::TemporaryFolder folder;
  // Short enough to exist, too long for the temporary file beside it.
  const std::string name = std::string(250, 'a') + ".json";
  const ProgramResult result =
      bench({"--workload", "vae-mlp-mnist", "-o", folder / name, folder / "other.md"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(test::contains(result.err, name)) << result.err;
  EXPECT_TRUE(test::contains(result.out, "| vae-mlp-mnist |"));
  EXPECT_TRUE(std::filesystem::exists(folder / "other.md"));
}

TEST(BenchCommand, SaysWhetherKernelsWereTuned) {
  const test::TemporaryFolder folder;
  const test::Program::Texts cache{"XDG_CACHE_HOME=" + (folder / "cache").string()};
  const auto measured = [&](const std::string& tune) {
    return test::run_program(
        {"bench", "--device", "cpu", "--seconds", "0.2", "--workload", "vae-mlp-mnist", "--tune",
         tune, "-o", folder / (tune + ".json"), "--force"},
        cache);
  };
  const ProgramResult tuned = measured("auto");
  ASSERT_EQ(tuned.exit_code, 0) << tuned.err;
  EXPECT_TRUE(tuned.err.starts_with("pumice: tuning ")) << tuned.err;
  EXPECT_TRUE(test::contains(tuned.out, " | tuned kernels\n")) << tuned.out;
  EXPECT_FALSE(test::contains(measured("auto").err, "tuning"));
  EXPECT_TRUE(test::contains(measured("redo").err, "tuning"));
  EXPECT_TRUE(test::contains(measured("off").out, " | kernels by fixed rules\n"));
  const std::string header =
      test::run_program({"bench", "--compare", folder / "off.json", folder / "auto.json"}).out;
  EXPECT_TRUE(test::contains(header, " | kernels by fixed rules")) << header;
  EXPECT_TRUE(test::contains(header, " | tuned kernels")) << header;
}

TEST(BenchCommand, RefusesBadInput) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(bench({"--workload", "vae"}).err,
            "pumice: no workload 'vae', expected vae-mlp-mnist or dcgan-cifar10\n");
  EXPECT_EQ(bench({"--out", folder / "a.txt"}).exit_code, 2);
  EXPECT_EQ(bench({"--seconds", "0"}).exit_code, 2);
  EXPECT_EQ(
      test::run_program({"bench", "--compare", folder / "no.json", folder / "no.json"}).exit_code,
      1);
  EXPECT_EQ(bench({"--recipe", "none"}).exit_code, 1);
  EXPECT_FALSE(test::contains(bench({"--training", "--recipe", "none"}).err, "steps"));
  const test::Program::Texts compared{"bench", "--compare", "a.json", "b.json"};
  for (const char* more : {"--kernels", "--training", "--recipes", "--dispatches"}) {
    test::Program::Texts words = compared;
    words.emplace_back(more);
    EXPECT_EQ(test::run_program(words).exit_code, 2) << more;
  }
}

DEVICE_TEST(Bench, multiplies_and_adds) {
  constexpr uint32_t kCount = 100, kNumbers = 64, kRounds = 20;
  Graph graph(device.limits());
  const Tensor y = benchmark::sums_of_multiply_adds(graph, kCount, kNumbers, kRounds, 0.75f, 0.5f);
  Step step(device, graph, "multiply-adds", {y});
  step.run();
  const std::vector<float> values = step.read_floats(y);
  for (uint32_t i = 0; i < kCount; ++i) {
    double expected = 0;
    for (uint32_t k = 0; k < kNumbers; ++k) {
      expected += 2 + (i % 64 + k - 2.0) * std::pow(0.75, kRounds);
    }
    EXPECT_NEAR(values[i], expected, 1e-4 * expected) << i;
  }
}

DEVICE_TEST(Bench, adds_products_of_matrices) {
  const hal::Limits& limits = device.limits();
  if (!has(limits, hal::Feature::kCooperativeMatrix)) GTEST_SKIP() << "no cooperative matrices";
  constexpr uint32_t kRounds = 20;
  const uint32_t count = 3 * kernels::kMatrixThreads / limits.subgroup_size * kernels::kMatrixSums;
  Graph graph(limits);
  const Tensor y = benchmark::sums_of_matrices(graph, count, kRounds, 0.5f, 0.25f);
  Step step(device, graph, "matrices", {y});
  step.run();
  const std::vector<float> values = step.read_floats(y);
  for (uint32_t i = 0; i < count; ++i) {
    const float wanted =
        float(i % kernels::kMatrixSums) + kRounds * limits.matrix_size.terms / 8.0f;
    ASSERT_EQ(values[i], wanted) << i;
  }
}

/// The operations of a dispatch that is a product of matrices or a convolution.
double flops_of(const hal::Dispatch& dispatch) {
  if (dispatch.kernel == &kernels::matmul_panels) {
    kernels::MatmulRegistersParams p;
    std::memcpy(&p, dispatch.params.data(), sizeof(p));
    return 2.0 * p.m * p.n * p.k;
  }
  const bool is_weights = dispatch.kernel == &kernels::conv_weights_panels;
  if (!is_weights && dispatch.kernel != &kernels::conv_panels) return 0;
  kernels::ConvRegistersParams p;  // begins like the weight gradient's
  std::memcpy(&p, dispatch.params.data(), std::min(sizeof(p), dispatch.params.size()));
  const bool is_transposed = !is_weights && dispatch.constants.at(3) != 0;
  const double pixels =
      is_transposed ? double(p.in_height) * p.in_width : double(p.out_height) * p.out_width;
  return 2.0 * p.batch * pixels * p.kernel_height * p.kernel_width * p.in_channels * p.out_channels;
}

// What a step's dispatches compute on the CPU device, which pads nothing.
TEST(BenchWorkloads, CountTheirOperations) {
  const auto& names = test::device_names();
  if (std::find(names.begin(), names.end(), "cpu") == names.end()) GTEST_SKIP();
  for (const benchmark::Workload& workload : benchmark::workloads()) {
    const uint32_t batch = workload.model.batch;
    benchmark::SyntheticTraining training(test::device("cpu"), workload.model, batch);
    double flops = 0;
    for (const Step* step : training.trainer().programs()) {
      for (const hal::Dispatch& dispatch : step->plan().dispatches) flops += flops_of(dispatch);
    }
    EXPECT_NEAR(flops / (workload.flops_per_image * batch), 1, 0.01) << workload.name;
  }
}

TEST(BenchKernels, AreOfEveryFamily) {
  std::string names;
  for (const benchmark::KernelCase& own : benchmark::kernel_cases()) {
    names += own.name + "\n";
    EXPECT_GT(own.amount, 0) << own.name;
  }
  for (const char* family :
       {"matmul NN", "matmul NT", "matmul TN", "conv2d", "conv_transpose2d", "input gradient",
        "weight gradient", "lstm", "batch_norm", "layer_norm", "tanh", "sum", "adam"}) {
    EXPECT_TRUE(test::contains(names, family));
  }
}

}  // namespace
}  // namespace pumice
