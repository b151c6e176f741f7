#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/native/evaluate_case.h"
#include "tests/support/images.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

using nlohmann::json;
using test::contains;
using test::content_of;
using test::EvaluateCommand;
using test::metrics_of;
using test::noise_bytes;
using test::ProgramResult;
using Texts = test::Program::Texts;

TEST_F(EvaluateCommand, MeasuresAVae) {
  const std::string vae = trained("vae", test::kTinyRecipe);
  const ProgramResult text = evaluate(vae);
  ASSERT_EQ(text.exit_code, 0) << text.err;
  EXPECT_TRUE(contains(text.out, "extractor  tiny-classifier (16 features, "));
  EXPECT_TRUE(contains(text.out, "2 repeats of 40 samples, 20 test images"));
  EXPECT_TRUE(contains(text.out, "\nmeasured   in "));
  EXPECT_TRUE(contains(text.out, "k = 3, 5 test images, deviation of single ones, nats; "));
  const std::string written = content_of(vae + "/evaluation.json");
  json result = json::parse(written);
  EXPECT_TRUE(contains(text.out, ", hash " + result["extractor_hash"].get<std::string>() + "\n"));
  EXPECT_EQ(result["binarization"], "random");
  EXPECT_EQ(result["likelihood_samples"], 3);
  EXPECT_EQ(result["likelihood_pictures"], 5);
  EXPECT_GT(result["seconds"], 0);
  EXPECT_EQ(result["samples"], 40);
  EXPECT_EQ(result["repeats"], 2);
  EXPECT_EQ(result["reference"], "test");
  EXPECT_EQ(result["epoch"], 1);
  EXPECT_EQ(result["step"], 4);
  const json metrics = result["figures"];
  for (const char* name :
       {"fid", "fid_infinity", "kid", "inception_score", "precision", "recall", "density",
        "coverage", "neighbour_distance", "neighbour_distance_ratio",
        "neighbour_share_below_1_percent", "real_fid", "elbo", "log_likelihood"}) {
    ASSERT_TRUE(metrics.contains(name)) << name;
    EXPECT_TRUE(std::isfinite(metrics[name]["mean"].get<double>())) << name;
  }
  EXPECT_GT(metrics["fid"]["mean"], metrics["real_fid"]["mean"]);
  EXPECT_FALSE(metrics.contains("class_accuracy"));
  EXPECT_GE(metrics["fid"]["deviation"], 0);
  EXPECT_FALSE(metrics["precision"].contains("deviation"));
  EXPECT_EQ(metrics["kid"]["of"], "100 subsets of 10: 40 samples, 20 test images");
  EXPECT_GT(metrics["kid"]["deviation"], 1e-3 * std::abs(metrics["kid"]["mean"].get<double>()));
  EXPECT_TRUE(content_of(vae + "/neighbours.png").starts_with("\x89PNG"));
  const std::string page = content_of(vae + "/report.html");
  for (const char* shown : {"\"log_likelihood\"", "\"neighbours\"", "\"latents\""}) {
    EXPECT_TRUE(contains(page, shown));
  }
  // The features of the real images come from the cache; the metrics are the same.
  const ProgramResult again = evaluate(vae, {}, {"--json"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  json repeated = json::parse(again.out);
  EXPECT_EQ(json::parse(content_of(vae + "/evaluation.json")), repeated);
  for (json* each : {&result, &repeated}) each->erase("seconds");
  EXPECT_EQ(repeated, result);
  ASSERT_EQ(evaluate(vae, {{"--seed", "2"}}).exit_code, 0);
  EXPECT_NE(metrics_of(vae)["fid"], metrics["fid"]);
}

TEST_F(EvaluateCommand, ComparesSeveralRuns) {
  const std::string vae = trained("vae", test::kTinyRecipe);
  const std::string other = trained("other", test::kTinyRecipe);
  const ProgramResult text = evaluate(vae, {}, {other});
  ASSERT_EQ(text.exit_code, 0) << text.err;
  const double fid = metrics_of(other)["fid"]["mean"];
  const size_t table = text.out.rfind("recipe ");
  ASSERT_NE(table, std::string::npos);
  EXPECT_TRUE(contains(text.out.substr(table), fmt::format("{:.5g} ± ", fid)));
  EXPECT_FALSE(contains(text.out, "cannot be compared."));
  const ProgramResult list = evaluate(vae, {}, {other, "--json"});
  const json runs = json::parse(list.out)["runs"];
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0]["run"], vae);
  EXPECT_EQ(runs[1]["figures"], metrics_of(other));
}

TEST_F(EvaluateCommand, RefusesOneOfSeveralRunsBeforeItMeasures) {
  const std::string vae = trained("vae", test::kTinyRecipe);
  expect_refused(evaluate(vae, {}, {folder_ / "none"}), vae, "none");
  expect_refused(evaluate(vae, {{"--out", folder_ / "both.json"}}, {vae}), vae,
                 "--out: expected one run, found 2");
}

TEST_F(EvaluateCommand, MeasuresAConditionalGanElsewhere) {
  const std::string gan = trained("gan", test::kTinyGan);
  const std::string page = content_of(gan + "/report.html");
  const std::string out = folder_ / "metrics.json";
  const ProgramResult result =
      evaluate(gan + "/checkpoint.safetensors", {{"--out", out}, {"--reference", "train"}});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_FALSE(std::filesystem::exists(gan + "/evaluation.json"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "metrics.png"));
  EXPECT_EQ(content_of(gan + "/report.html"), page);
  EXPECT_FALSE(json::parse(content_of(out)).contains("binarization"));
  const json metrics = json::parse(content_of(out))["figures"];
  EXPECT_FALSE(metrics.contains("elbo"));
  EXPECT_FALSE(metrics.contains("real_fid"));
  EXPECT_EQ(metrics["fid"]["of"], "2 repeats of 40 samples, 64 training images");
  EXPECT_EQ(metrics["class_accuracy"]["of"], "40 samples, their classes in turn");
}

TEST_F(EvaluateCommand, RunsOnEveryDevice) {
  const std::string vae = trained("vae", test::kTinyRecipe);
  std::vector<double> distances;
  const json devices = json::parse(run({"devices", "--json"}).out)["devices"];
  for (const json& device : devices) {
    if (!device["usable"].get<bool>()) continue;
    const ProgramResult result =
        evaluate(vae, {{"--neighbours", "0"}, {"--device", device["index"].dump()}});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    distances.push_back(metrics_of(vae)["fid"]["mean"]);
    EXPECT_NEAR(distances.back(), distances.front(), 1e-3 * distances.front());
  }
  EXPECT_GT(distances.size(), 0u);
}

TEST_F(EvaluateCommand, RefusesTooFewImages) {
  const std::string vae = trained("vae", test::kTinyRecipe);
  expect_refused(evaluate(vae, {{"--samples", "16"}}), vae,
                 "16 samples are too few for the 16 features of tiny-classifier: their covariance "
                 "would be singular and FID meaningless; expected more than 16");
  test::write_tiny_mnist(data_, 64, 16);
  expect_refused(evaluate(vae), vae, "16 test images (see --reference) are too few");
}

TEST_F(EvaluateCommand, RefusesWhatCannotBeMeasured) {
  const std::string vae = trained("vae", test::kTinyRecipe);
  expect_refused(evaluate(data_.path()), data_.path(), "expected the folder of a run");
  expect_refused(evaluate(classifier_), classifier_,
                 "expected a model that draws images, found a classifier: its test accuracy is "
                 "in the run's metrics.csv");
  expect_refused(evaluate(vae, {{"--extractor", vae}}), vae,
                 "expected a classifier as extractor, found a vae");
  expect_refused(evaluate(vae, {{"--extractor", folder_ / "none"}}), vae,
                 "no such file; expected extractor-mnist");
  expect_refused(evaluate(vae, {{"--extractor", folder_.file("bad.safetensors", "digits")}}), vae,
                 "not a safetensors file");
  expect_refused(evaluate(vae, {{"--extractor", "inception:" + vae + "/checkpoint.safetensors"}}),
                 vae,
                 "expected weights of Inception-v3 as written by scripts/convert_inception.py");
  expect_refused(evaluate(vae, {{"--samples", "0"}}), vae, "--samples", 2);
  expect_refused(evaluate(vae, {{"--reference", "both"}}), vae, "--reference", 2);
  std::filesystem::copy_file(vae + "/checkpoint.safetensors", folder_ / "copy.safetensors");
  expect_refused(evaluate(folder_ / "copy.safetensors"), folder_.path(),
                 "expected a run's folder, to store the metrics in; or pass --out FILE");
}

TEST_F(EvaluateCommand, RefusesImagesOfAnotherSize) {
  for (uint8_t i = 0; i < 20; ++i) {
    test::write_plain_png(data_ / fmt::format("{}.png", i), {i});
  }
  const ProgramResult trained = train("small", test::kTinyRecipe,
                                      {"--epochs", "1", "--batch", "4", "--set", "data.name=folder",
                                       "--set", "data.size=8", "--set", "data.channels=1"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const std::string vae = folder_ / "small";
  expect_refused(
      evaluate(vae), vae,
      "tiny-classifier: the extractor takes images of [28, 28, 1], the run's are [8, 8, 1]");
}

TEST_F(EvaluateCommand, MeasuresMnistWithTheExtractorOfTheProgram) {
  data_.file("t10k-images-idx3-ubyte", test::idx_file({200, 28, 28}, noise_bytes(200 * 28 * 28)));
  data_.file("t10k-labels-idx1-ubyte", test::tiny_labels(200));
  const std::string vae = trained("vae", test::kTinyRecipe);
  const Texts arguments{"evaluate",      vae,           "--data",         data_.path(),
                        "--samples=200", "--repeats=1", "--neighbours=0", "--likelihood-images=0",
                        "--json"};
  const ProgramResult first = run(arguments);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_FALSE(contains(first.err, "training"));
  const json result = json::parse(first.out);
  EXPECT_TRUE(contains(result["extractor"].get<std::string>(), "extractor-mnist (160 features, 9"));
  const fs::path kept = folder_ / "cache/pumice/extractors";
  ASSERT_TRUE(fs::exists(kept));
  for (const auto& entry : fs::directory_iterator(kept)) {
    EXPECT_TRUE(entry.path().filename().string().starts_with(
        "features-" + result["extractor_hash"].get<std::string>() + "-"))
        << entry.path();
  }
  EXPECT_EQ(json::parse(run(arguments).out)["figures"], result["figures"]);
}

TEST_F(EvaluateCommand, TakesAnExportedClassifier) {
  const std::string vae = trained("vae", test::kTinyRecipe);
  const std::string file = folder_ / "small.safetensors";
  const ProgramResult result = run({"export", classifier_, "--extractor", "--out", file});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string first = content_of(file);
  EXPECT_LT(first.size(), content_of(classifier_ + "/checkpoint.safetensors").size() / 3);
  ASSERT_EQ(run({"export", trained("again", test::kTinyClassifier), "--extractor", "--out", file})
                .exit_code,
            0);
  EXPECT_EQ(content_of(file), first);
  ASSERT_EQ(evaluate(vae).exit_code, 0);
  const double whole = metrics_of(vae)["fid"]["mean"];
  ASSERT_EQ(evaluate(vae, {{"--extractor", file}}).exit_code, 0);
  EXPECT_NEAR(metrics_of(vae)["fid"]["mean"], whole, 1e-2 * whole);
  EXPECT_TRUE(contains(run({"export", vae, "--extractor", "--out", folder_ / "b.safetensors"}).err,
                       "expected a classifier, found a vae"));
  EXPECT_FALSE(fs::exists(folder_ / "b.safetensors"));
}

}  // namespace
}  // namespace pumice
