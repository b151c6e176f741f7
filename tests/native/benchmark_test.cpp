#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "engine/benchmark/result_json.h"
#include "engine/benchmark/result_text.h"
#include "engine/benchmark/synthetic_images.h"
#include "engine/benchmark/timing.h"
#include "engine/benchmark/training.h"
#include "native/benchmark/comparison.h"
#include "native/benchmark/result_page.h"
#include "tests/support/contains.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/faulty_device.h"
#include "tests/support/temporary_folder.h"

namespace pumice::benchmark {
namespace {

/// Steps with exactly the reference's losses, except for one that is multiplied by `factor`.
std::vector<Metrics> steps_like_reference(const Workload& workload, uint32_t count,
                                          uint32_t changed = 0, double factor = 1) {
  std::vector<Metrics> steps(count);
  for (const LossCurve& curve : reference_of(workload).curves) {
    for (uint32_t step = 0; step < count; ++step) {
      const uint32_t index = step < 10 ? step : 10 + (step - 10) / 10;
      const double scale = step + 1 == changed ? factor : 1;
      steps[step].push_back({curve.metric, curve.means[index] * scale});
    }
  }
  return steps;
}

Verdict verdict_of(std::string_view name, const std::vector<Metrics>& steps) {
  const Workload& workload = workload_named(name);
  return judge(workload, reference_of(workload), steps);
}

Result example_result(Validity validity = Validity::kValid) {
  Result result{.setting = {.version = "1.2.3",
                            .commit = "abc",
                            .device = "Card <1>",
                            .driver = "driver 4",
                            .api = "Vulkan",
                            .type = "discrete",
                            .memory_bytes = 64,
                            .os = "System 5"},
                .seconds = 60};
  result.ceilings = {{"copy", "GB/s", {9, 10, 11}}, {"submission", "us", {4, 5, 6}}};
  result.training.push_back({.speed = {"vae-mlp-mnist", "images/s", {1000, 2000, 3000}, 0.25},
                             .batch = 128,
                             .frozen_batch = 128,
                             .steps = 30,
                             .first_step_seconds = 1.5,
                             .verdict = {.validity = validity, .text = "text", .curves = {}}});
  result.kernels = {{"matmul", "GFLOP/s", {1, 2, 3}, 0.5}};
  result.recipes.push_back({.step = {"gan", "images/s", {10}},
                            .batch = 64,
                            .device = Measurement{"gan, on the device", "us", {5'000'000}},
                            .dispatches = 7,
                            .barriers = 6,
                            .bytes = 5'000'000,
                            .decode = Measurement{"gan, decode", "images/s", {20}}});
  return result;
}

TEST(BenchStatistics, GivesMedianAndQuartiles) {
  const Summary odd = summarize(std::vector<double>{5, 1, 4, 2, 3});
  EXPECT_EQ(odd.median, 3);
  EXPECT_EQ(odd.first_quartile, 2);
  EXPECT_EQ(odd.third_quartile, 4);
  const Summary even = summarize(std::vector<double>{4, 1, 3, 2});
  EXPECT_EQ(even.median, 2.5);
  EXPECT_EQ(even.first_quartile, 1.75);
  EXPECT_EQ(even.third_quartile, 3.25);
  EXPECT_EQ(summarize(std::vector<double>{7}).third_quartile, 7);
  EXPECT_EQ(test::error_of([] { summarize({}); }), "statistics: expects at least one sample");
}

TEST(BenchTiming, IsNotMisledByACallThatWasHeldUp) {
  int times = 0;
  const auto seconds = [&](uint32_t calls) { return times++ == 0 ? 1.0 : 1e-6 * calls; };
  EXPECT_EQ(calls_to_time(1, seconds), 16384u);
  EXPECT_EQ(calls_to_time(100, seconds), 6400u);
  EXPECT_EQ(calls_to_time(1, [](uint32_t) { return 0.01; }), 1u);
}

TEST(BenchWorkloads, AreFrozen) {
  ASSERT_EQ(workloads().size(), 2u);
  EXPECT_NEAR(workload_named("vae-mlp-mnist").flops_per_image, 6.2e6, 0.1e6);
  EXPECT_NEAR(workload_named("dcgan-cifar10").flops_per_image, 1.65e9, 0.01e9);
  for (const Workload& workload : workloads()) {
    const SyntheticModel& model = workload.model;
    EXPECT_EQ(model.batch, 128u);
    EXPECT_EQ(model.seed, 1u);
    EXPECT_EQ(workload.images, workload.checked_steps * model.batch);
  }
  EXPECT_EQ(test::error_of([] { workload_named("vae"); }),
            "no workload 'vae', expected vae-mlp-mnist or dcgan-cifar10");
}

// If this fails, the workloads have changed: see kWorkloadVersion.
TEST(BenchWorkloads, HaveFrozenImages) {
  auto sum = [](const data::ImageSet& images) {
    uint64_t total = 0;
    for (size_t i = 0; i < images.pixels.size(); ++i) total += images.pixels[i] * (i % 9973 + 1);
    return total;
  };
  EXPECT_EQ(sum(synthetic_images({28, 28, 1}, 10, 64)), 10314929218u);
  EXPECT_EQ(sum(synthetic_images({32, 32, 3}, 10, 64)), 63172699404u);
}

TEST(BenchWorkloads, HalveTheirBatchWhereMemoryEnds) {
  auto faults = std::make_shared<test::Faults>();
  faults->bad_allocation = 1;
  test::FaultyDevice device(test::any_device(), faults);
  std::string said;
  const TrainingResult result = measure_training(device, workload_named("vae-mlp-mnist"), 0.01, 0,
                                                 [&](const std::string& line) { said += line; });
  EXPECT_NE(said.find("out of memory"), std::string::npos) << said;
  EXPECT_NE(said.find("trying half the batch"), std::string::npos) << said;
  EXPECT_EQ(result.batch, 64u);
  EXPECT_EQ(result.frozen_batch, 128u);
  EXPECT_EQ(result.verdict.validity, Validity::kUnchecked);
}

TEST(BenchGate, AcceptsTheReferenceItself) {
  for (const Workload& workload : workloads()) {
    const Verdict verdict =
        verdict_of(workload.name, steps_like_reference(workload, workload.checked_steps));
    EXPECT_EQ(verdict.validity, Validity::kValid);
    EXPECT_EQ(verdict.steps, workload.checked_steps);
    EXPECT_LT(verdict.largest_deviation, 1e-6);
  }
}

TEST(BenchGate, RefusesAWrongLoss) {
  const Workload& vae = workload_named("vae-mlp-mnist");
  EXPECT_EQ(verdict_of(vae.name, steps_like_reference(vae, 20, 3, 1.0005)).validity,
            Validity::kValid);
  const Verdict wrong = verdict_of(vae.name, steps_like_reference(vae, 20, 3, 1.002));
  EXPECT_EQ(wrong.validity, Validity::kWrong);
  EXPECT_EQ(wrong.text, "loss of step 3 is 510.587, expected 509.568 within 0.1 %");
  EXPECT_EQ(verdict_of(vae.name, steps_like_reference(vae, 20, 15, 1.4)).validity,
            Validity::kValid);  // 4 % of a mean of ten
  EXPECT_EQ(verdict_of(vae.name, steps_like_reference(vae, 20, 15, 1.6)).validity,
            Validity::kWrong);
  EXPECT_EQ(verdict_of(vae.name, steps_like_reference(vae, 5, 5, std::nan(""))).validity,
            Validity::kWrong);
}

TEST(BenchGate, AllowsMoreAsTheGanGetsChaotic) {
  const Workload& gan = workload_named("dcgan-cifar10");
  EXPECT_EQ(verdict_of(gan.name, steps_like_reference(gan, 10, 1, 1.01)).validity,
            Validity::kWrong);
  EXPECT_EQ(verdict_of(gan.name, steps_like_reference(gan, 10, 8, 1.1)).validity, Validity::kValid);
  EXPECT_EQ(verdict_of(gan.name, steps_like_reference(gan, 10, 10, 1.4)).validity,
            Validity::kWrong);
}

TEST(BenchText, FormatsNumbers) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(0.26951), "0.2695");
  EXPECT_EQ(number_text(12.3456), "12.35");
  EXPECT_EQ(number_text(999.96), "1000.0");
  EXPECT_EQ(number_text(2822.4), "2,822");
  EXPECT_EQ(number_text(1234567), "1,234,600");
}

TEST(BenchText, WritesMarkdown) {
  const std::string text = to_markdown(example_result());
  EXPECT_TRUE(text.starts_with(
      "pumice 1.2.3 (abc) | Card <1> | driver 4 | System 5 | kernels by fixed rules\n"))
      << text;
  EXPECT_TRUE(test::contains(
      text, "| vae-mlp-mnist | 2,000 | 1,500 to 2,500 | 25 % | 128 | 1.500 | 30 | valid: text |"))
      << text;
  EXPECT_TRUE(test::contains(text, "| gan | 10.00 | 64 | 6,400 | 5,000 | 7 | 6 | 5.000 | 20.00 |"))
      << text;
  EXPECT_TRUE(test::contains(to_markdown(example_result(Validity::kWrong)),
                             "| vae-mlp-mnist | ~~2,000~~ |"));
}

TEST(BenchText, WritesCsv) {
  const std::string csv = to_csv(example_result());
  EXPECT_TRUE(csv.starts_with("group,name,unit,median,"));
  const std::string end = ",,,,,,Card <1>,driver 4,1.2.3,abc,System 5\n";
  EXPECT_TRUE(test::contains(
      csv, "training,vae-mlp-mnist,images/s,2000,1500,2500,3,0.25,valid,128,30" + end))
      << csv;
  EXPECT_TRUE(test::contains(csv, "recipes,gan,images/s,10,10,10,1,,,64,,7,6,5000000,f32,,Card"))
      << csv;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 8);
}

TEST(BenchText, KeepsARecipeThatFailedInCsv) {
  Result result;
  result.recipes.push_back({.step = {"gan", "images/s", {}}, .problem = "no memory, none"});
  EXPECT_TRUE(
      test::contains(to_csv(result), "recipes,gan,images/s,,,,0,,,,,,,,,\"no memory, none\""))
      << to_csv(result);
}

TEST(BenchText, NamesTheThreadsOfACpuDevice) {
  Result result = example_result();
  result.setting.threads = 2;
  EXPECT_TRUE(test::contains(to_markdown(result), " | driver 4, 2 threads | System 5 | "));
  EXPECT_TRUE(test::contains(comparison_text(compare(to_json(result), to_json(result))),
                             " | driver 4, 2 threads | "));
}

TEST(BenchText, NamesTheMemoryOfAnIntegratedGpu) {
  const hal::Limits limits = {
      .device_name = "Card", .driver = "driver 4", .prefers = {.host_memory = true}};
  Result result = example_result();
  result.setting = setting_of(limits, "System 5");
  EXPECT_TRUE(
      test::contains(to_markdown(result), " | Card | driver 4, host-visible memory | System 5 | "));
  EXPECT_TRUE(test::contains(comparison_text(compare(to_json(result), to_json(example_result()))),
                             " | Card | driver 4, host-visible memory | System 5 | "));
}

TEST(BenchText, WritesAPage) {
  const std::string page = to_html(example_result(Validity::kWrong));
  EXPECT_TRUE(test::contains(page, "<meta name=\"generator\" content=\"Pumice\">"));
  EXPECT_TRUE(test::contains(page, "<h1>Card &lt;1&gt;</h1>"));
  EXPECT_TRUE(test::contains(page, "<td><s>2,000</s></td>"));
  EXPECT_TRUE(test::contains(page, "<b class=\"wrong\" style=\"width:25.0%\">"));
  EXPECT_FALSE(test::contains(page, "http://") || test::contains(page, "https://"));
}

TEST(BenchComparison, GivesRatiosOfSpeeds) {
  Result faster = example_result();
  for (double& sample : faster.training[0].speed.samples) sample *= 2;
  for (double& sample : faster.ceilings[1].samples) sample /= 4;
  const auto comparison = compare(to_json(example_result()), to_json(faster));
  ASSERT_EQ(comparison["rows"].size(), 7u);
  EXPECT_EQ(comparison["rows"][0]["name"], "vae-mlp-mnist");
  EXPECT_EQ(comparison["rows"][0]["ratio"], 2.0);
  EXPECT_EQ(comparison["rows"][0]["low"], 3000.0 / 2500);
  EXPECT_EQ(comparison["rows"][0]["high"], 5000.0 / 1500);
  EXPECT_EQ(comparison["rows"][1]["ratio"], 1.0);
  EXPECT_EQ(comparison["rows"][2]["unit"], "us");
  EXPECT_EQ(comparison["rows"][2]["ratio"], 4.0);
  EXPECT_LT(comparison["rows"][2]["low"], comparison["rows"][2]["high"]);
  EXPECT_TRUE(test::contains(comparison_text(comparison),
                             "| vae-mlp-mnist | images/s | 2,000 | 4,000 | 2.00 (1.20 to 3.33) |"));
}

TEST(BenchComparison, ShowsWhatStepsConsistOf) {
  Result fewer = example_result();
  fewer.recipes[0].dispatches = 5;
  fewer.recipes[0].barriers = 3;
  const auto comparison = compare(to_json(example_result()), to_json(fewer));
  EXPECT_EQ(comparison["steps"].size(), 1u);
  EXPECT_TRUE(
      test::contains(comparison_text(comparison), "| gan | 7 | 5 | 6 | 3 | 5.000 | 5.000 |"))
      << comparison_text(comparison);
  EXPECT_TRUE(test::contains(comparison_page(comparison), "<h2>Steps</h2>"));
}

TEST(BenchComparison, DoesNotRankAnotherBatch) {
  Result halved = example_result();
  halved.training[0].batch = 64;
  const auto comparison = compare(to_json(halved), to_json(halved));
  EXPECT_TRUE(comparison["rows"][0]["ratio"].is_null());
}

TEST(BenchComparison, MakesAPage) {
  Result slower = example_result(Validity::kWrong);
  slower.setting.device = "Browser <2>";
  for (double& sample : slower.ceilings[1].samples) sample *= 4;
  const std::string page = comparison_page(compare(to_json(example_result()), to_json(slower)));
  EXPECT_TRUE(test::contains(page, "| Browser &lt;2&gt; |")) << page;
  EXPECT_TRUE(test::contains(page, "<span>vae-mlp-mnist, B</span><div><b class=\"wrong\""));
  EXPECT_TRUE(test::contains(page, "<span><s>2,000</s> images/s</span>"));
  // Of times, the smaller has the longer bar.
  EXPECT_TRUE(test::contains(page, "<span>submission, A</span><div><b style=\"width:100.0%\">"));
  EXPECT_TRUE(test::contains(
      page, "<span>submission, B</span><div><b class=\"second\" style=\"width:25.0%\">"));
}

TEST(BenchComparison, DoesNotRankAWrongResult) {
  const auto comparison =
      compare(to_json(example_result()), to_json(example_result(Validity::kWrong)));
  EXPECT_TRUE(comparison["rows"][0]["ratio"].is_null());
  EXPECT_TRUE(test::contains(comparison_text(comparison), "| 2,000 | ~~2,000~~ | - |"));
}

TEST(BenchComparison, RefusesOtherFiles) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("other.json", "{\"format\": \"other\"}");
  EXPECT_EQ(test::error_of([&] { read_result(file); }),
            file + ": expected JSON that `pumice bench` wrote");
  auto newer = to_json(example_result());
  newer["format_version"] = kFormatVersion + 1;
  const std::string newer_file = folder.file("newer.json", newer.dump());
  EXPECT_EQ(test::error_of([&] { read_result(newer_file); }),
            newer_file + ": expected format version 1 or older, got 2");
  auto cut = to_json(example_result());
  cut.erase("os");
  const std::string cut_file = folder.file("cut.json", cut.dump());
  EXPECT_EQ(test::error_of([&] { read_result(cut_file); }),
            cut_file + ": expected JSON that `pumice bench` wrote, but parts are missing");
  EXPECT_TRUE(test::contains(test::error_of([&] { compare(cut, cut); }),
                             "compare: expected files that `pumice bench` wrote"));
  auto changed = to_json(example_result());
  changed["workload_version"] = kWorkloadVersion + 1;
  EXPECT_EQ(test::error_of([&] { compare(to_json(example_result()), changed); }),
            "compare: expected the same workload version, got 1 and 2");
}

}  // namespace
}  // namespace pumice::benchmark
