#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/io/checkpoint.h"
#include "native/formats/metrics_csv.h"
#include "native/observers/observers.h"
#include "tests/support/contains.h"
#include "tests/support/images.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

using nlohmann::json;
using test::contains;
using test::content_of;
using test::ProgramResult;
using test::TemporaryFolder;
using Texts = test::Program::Texts;

using Options = std::map<std::string, std::string>;

/// Data, a classifier to measure with, and a cache of its own.
class EvaluateCommand : public testing::Test {
 protected:
  static constexpr uint32_t kImage = test::kTinySide * test::kTinySide;

  EvaluateCommand() {
    test::write_tiny_mnist(data_, 64, 20);
    // Images that are not in the training split.
    const std::string more = test::tiny_images(84).substr(16 + 64 * kImage);
    data_.file("t10k-images-idx3-ubyte",
               test::idx_file({20, test::kTinySide, test::kTinySide}, more));
    classifier_ = trained("classifier", test::kTinyClassifier);
  }

  ProgramResult run(Texts arguments, const Texts& more = {}) const {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::run_program(arguments, environment());
  }
  Texts environment() const { return {"XDG_CACHE_HOME=" + (folder_ / "cache").string()}; }
  ProgramResult train(const std::string& name, const std::string& recipe,
                      const Texts& more = {}) const {
    return run({"train", folder_.file(name + ".toml", recipe), "--data", data_.path(), "--out",
                folder_ / name},
               more);
  }
  std::string trained(const std::string& name, const std::string& recipe) const {
    const ProgramResult result = train(name, recipe, {"--epochs", "1"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return folder_ / name;
  }
  /// Measures few samples, with the options in `changed`.
  ProgramResult evaluate(const std::string& model, Options changed = {},
                         const Texts& flags = {}) const {
    changed.merge(Options{{"--data", data_.path()},
                          {"--extractor", classifier_},
                          {"--samples", "40"},
                          {"--repeats", "2"},
                          {"--neighbours", "30"},
                          {"--likelihood-samples", "3"},
                          {"--likelihood-pictures", "5"}});
    Texts arguments{"evaluate", model};
    for (const auto& [name, value] : changed) arguments.insert(arguments.end(), {name, value});
    return run(arguments, flags);
  }
  /// One line on stderr, and nothing written.
  void expect_refused(const ProgramResult& result, const std::string& model,
                      const std::string& message, int code = 1) const {
    EXPECT_EQ(result.exit_code, code);
    EXPECT_TRUE(contains(result.err, message));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_FALSE(std::filesystem::exists(model + "/evaluation.json"));
    EXPECT_FALSE(std::filesystem::exists(model + "/neighbours.png"));
  }

  TemporaryFolder data_;
  TemporaryFolder folder_;
  std::string classifier_;
};

json metrics_of(const std::string& model) {
  return json::parse(content_of(model + "/evaluation.json"))["figures"];
}

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
  expect_refused(evaluate(vae, {{"--extractor", folder_ / "none"}}), vae, "cannot open");
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

std::string noise_bytes(size_t count) {
  std::string pixels(count, 0);
  uint32_t state = 1;
  for (char& pixel : pixels)
    pixel = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return pixels;
}

TEST_F(EvaluateCommand, MeasuresMnistWithTheExtractorOfTheProgram) {
  data_.file("t10k-images-idx3-ubyte", test::idx_file({200, 28, 28}, noise_bytes(200 * 28 * 28)));
  data_.file("t10k-labels-idx1-ubyte", test::tiny_labels(200));
  const std::string vae = trained("vae", test::kTinyRecipe);
  const Texts arguments{"evaluate",      vae,           "--data",         data_.path(),
                        "--samples=200", "--repeats=1", "--neighbours=0", "--likelihood-pictures=0",
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

/// Measures with the data set's own classifier, which is trained on noise.
class EvaluateByOwnClassifier : public EvaluateCommand {
 protected:
  EvaluateByOwnClassifier() {
    for (const char* name : {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4",
                             "data_batch_5", "test_batch"}) {
      std::string records = noise_bytes(size_t{kImages} * kRecord);
      for (uint32_t i = 0; i < kImages; ++i) records[i * kRecord] = static_cast<char>(i % 10);
      cifar10_.file(std::string(name) + ".bin", records);
    }
    std::string recipe = test::kTinyRecipe;
    recipe.replace(recipe.find("mnist"), 5, "cifar10");
    vae_ = folder_ / "colour";
    const ProgramResult result = run({"train", folder_.file("colour.toml", recipe), "--data",
                                      cifar10_.path(), "--out", vae_, "--epochs", "1"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }

  static constexpr uint32_t kImages = 80, kRecord = 1 + 32 * 32 * 3;

  Texts arguments() const {
    return {"evaluate",     vae_,          "--data",         cifar10_.path(),
            "--samples=70", "--repeats=1", "--neighbours=0", "--likelihood-pictures=0",
            "--json"};
  }

  TemporaryFolder cifar10_;
  std::string vae_;
  fs::path kept_ = folder_ / "cache/pumice/extractors";
};

TEST_F(EvaluateByOwnClassifier, TrainsItOnce) {
  const ProgramResult first = run(arguments());
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_TRUE(contains(first.err, "training classifier-cifar10 once"));
  EXPECT_TRUE(contains(first.err, "epoch 10/10"));
  EXPECT_TRUE(contains(json::parse(first.out)["extractor"].get<std::string>(),
                       "classifier-cifar10 (64 features, "));
  EXPECT_TRUE(fs::exists(kept_ / "cifar10.safetensors"));
  EXPECT_FALSE(fs::exists(kept_ / "cifar10.training"));
  const ProgramResult second = run(arguments());
  EXPECT_FALSE(contains(second.err, "training"));
  EXPECT_FALSE(contains(second.err, "computing features"));
  std::ofstream(kept_ / "cifar10.safetensors") << "short";
  const ProgramResult damaged = run(arguments());
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_TRUE(contains(damaged.err,
                       "cifar10.safetensors: not a safetensors file: expected at least 8 "
                       "bytes, found 5; delete the file to train it again\n"));
  EXPECT_EQ(json::parse(first.out)["figures"], json::parse(second.out)["figures"]);
}

TEST_F(EvaluateByOwnClassifier, ResumesTrainingItAfterCtrlC) {
  test::Program program(arguments(), environment());
  ASSERT_TRUE(program.wait_for_output("epoch  1/10"));
  program.send(SIGINT);
  const ProgramResult first = program.wait();
  EXPECT_EQ(first.exit_code, 130);
  EXPECT_TRUE(
      contains(first.err, "interrupted; the same command resumes training classifier-cifar10"));
  EXPECT_EQ(first.out, "");
  EXPECT_FALSE(fs::exists(vae_ + "/evaluation.json"));
  EXPECT_FALSE(fs::exists(kept_ / "cifar10.safetensors"));
  const ProgramResult second = run(arguments());
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_FALSE(contains(second.err, "epoch  1/10"));
  EXPECT_TRUE(fs::exists(kept_ / "cifar10.safetensors"));
}

/// A VAE of a folder of small images, in two classes with a split for validation.
class EvaluateFolder : public EvaluateCommand {
 protected:
  EvaluateFolder() {
    for (uint8_t i = 0; i < 80; ++i) {
      for (const char* split : {"train", "val"}) {
        const fs::path folder = images_ / split / (i % 2 == 0 ? "n01" : "n02");
        fs::create_directories(folder);
        const uint8_t grey = static_cast<uint8_t>(i % 2 == 0 ? i : 255 - i);
        test::write_plain_png(folder / fmt::format("{}.png", i), {grey});
      }
    }
  }

  ProgramResult train_on(const fs::path& images, const Texts& more = {}) const {
    Texts words{"train",    folder_.file("vae.toml", test::kTinyRecipe),
                "--data",   images.string(),
                "--out",    vae_,
                "--epochs", "1",
                "--batch",  "4",
                "--set",    "data.name=folder",
                "--set",    "data.size=8",
                "--set",    "data.channels=1"};
    return run(words, more);
  }
  ProgramResult measure(const fs::path& images) const {
    return run({"evaluate", vae_, "--data", images.string(), "--samples=70", "--repeats=1",
                "--neighbours=0", "--likelihood-pictures=0", "--json"});
  }
  size_t kept() const {
    const fs::path folder = folder_ / "cache/pumice/extractors";
    return std::ranges::count_if(fs::directory_iterator(folder), [](const auto& entry) {
      return entry.path().filename().string().starts_with("folder-") &&
             entry.path().extension() == ".safetensors";
    });
  }

  TemporaryFolder images_;
  std::string vae_ = folder_ / "vae";
};

TEST_F(EvaluateFolder, TrainsAClassifierOfItOnce) {
  ASSERT_EQ(train_on(images_.path()).exit_code, 0);
  const ProgramResult first = measure(images_.path());
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_TRUE(contains(first.err, "training classifier-folder once, to measure images of " +
                                      images_.path().string() +
                                      " with: 80 images of 2 classes for 50 epochs, about "));
  EXPECT_TRUE(contains(json::parse(first.out)["extractor"].get<std::string>(),
                       "classifier-folder (64 features, 100.0 % right)"));
  EXPECT_EQ(kept(), 1u);
  const ProgramResult second = measure(images_.path());
  EXPECT_FALSE(contains(second.err, "training"));
  EXPECT_EQ(json::parse(second.out)["figures"], json::parse(first.out)["figures"]);
  const fs::path moved = folder_ / "moved";
  fs::copy(images_.path(), moved, fs::copy_options::recursive);
  EXPECT_FALSE(contains(measure(moved).err, "training"));
  test::write_plain_png(moved / "train/n01/more.png", {7});
  EXPECT_TRUE(contains(measure(moved).err, "training classifier-folder once"));
  EXPECT_EQ(kept(), 2u);
}

TEST_F(EvaluateFolder, IsMeasuredWhileItIsTrainedOn) {
  const ProgramResult result =
      train_on(images_.path(), {"--set", "evaluate.every=1", "--set", "evaluate.samples=70"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.err, "training classifier-folder once"));
  EXPECT_TRUE(contains(result.err, "FID every epoch: 70 samples, 80 test images, classifier-fol"));
}

TEST_F(EvaluateFolder, WithoutClassesSaysWhatToDo) {
  const TemporaryFolder flat;
  for (uint8_t i = 0; i < 20; ++i) test::write_plain_png(flat / fmt::format("{}.png", i), {i});
  ASSERT_EQ(train_on(flat.path()).exit_code, 0);
  expect_refused(
      measure(flat.path()), vae_,
      flat.path().string() +
          ": to measure images, a classifier is trained on the folder's classes, and "
          "it has none: sort them into one sub-folder per class, or pass --extractor "
          "(in recipes, evaluate.extractor) inception:FILE or the run of a classifier\n");
}

/// Training with [evaluate].
class EvaluateWhileTraining : public EvaluateCommand {
 protected:
  ProgramResult train_measured(const std::string& name, const Texts& more = {}) const {
    Texts arguments{"--set", "evaluate.every=2",
                    "--set", "evaluate.samples=40",
                    "--set", "evaluate.extractor=" + classifier_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return train(name, test::kTinyRecipe, arguments);
  }
};

TEST_F(EvaluateWhileTraining, NotesFidEveryFewEpochs) {
  const ProgramResult result = train_measured("run", {"--epochs", "4"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.err, "FID every 2 epochs: 40 samples, 20 test images, "));
  EXPECT_TRUE(contains(result.out, "test fid "));
  EXPECT_FALSE(contains(result.out, "nan"));
  const std::filesystem::path run = folder_ / "run";
  EXPECT_GT(content_of(run / "curves/fid.svg").size(), 100u);
  EXPECT_TRUE(contains(content_of(run / "report.html"),
                       "\"evaluations\":[\"40 samples, 20 test images, tiny-classifier (16 "));
  const formats::MetricsTable metrics = formats::read_metrics(run / "metrics.csv");
  const auto fid = std::find(metrics.columns.begin(), metrics.columns.end(), "test_fid") -
                   metrics.columns.begin();
  ASSERT_LT(static_cast<size_t>(fid) + 1, metrics.columns.size());
  EXPECT_EQ(metrics.columns[fid + 1], "test_inception_score");
  ASSERT_EQ(metrics.rows.size(), 4u);
  EXPECT_TRUE(std::isnan(metrics.rows[0][fid]));
  EXPECT_TRUE(std::isnan(metrics.rows[2][fid]));
  EXPECT_GT(metrics.rows[1][fid], 0);
  const io::TrainingRecord record = io::Checkpoint::read(run / "checkpoint.safetensors").training();
  EXPECT_TRUE(std::isnan(value_of(record.metrics[0].test, "fid")));
  EXPECT_NEAR(value_of(record.metrics[3].test, "fid"), metrics.rows[3][fid],
              1e-6 * metrics.rows[3][fid]);
  EXPECT_GE(value_of(record.metrics[3].test, "inception_score"), 1);
}

TEST_F(EvaluateWhileTraining, IsInTheTablesOfASweepThatEndsBetween) {
  folder_.file("tiny.toml", test::kTinyRecipe);
  const std::string sweep =
      folder_.file("sweep.toml",
                   "name = \"s\"\nrecipe = \"./tiny.toml\"\n[set]\nevaluate.every = 2\n"
                   "evaluate.samples = 40\nevaluate.extractor = \"" +
                       classifier_ + "\"\n[grid]\nlatent.size = [2]\n");
  const std::string out = folder_ / "out";
  const ProgramResult result =
      run({"sweep", sweep, "--data", data_.path(), "--epochs", "3", "--out", out});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(content_of(out + "/table.csv"), ",test_fid,test_inception_score"));
  EXPECT_FALSE(contains(content_of(out + "/table.csv"), "nan"));
  EXPECT_FALSE(contains(result.out, "nan"));
  EXPECT_TRUE(contains(result.out, " (epoch 2)"));
}

TEST_F(EvaluateWhileTraining, ResumesExactly) {
  ASSERT_EQ(train_measured("run", {"--epochs", "3", "--json"}).exit_code, 0);
  const ProgramResult resumed = run(
      {"train", "--resume", folder_ / "run", "--data", data_.path(), "--epochs", "4", "--json"});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(contains(resumed.out, "\"fid\":"));
  ASSERT_EQ(train_measured("whole", {"--epochs", "4"}).exit_code, 0);
  EXPECT_EQ(content_of(folder_ / "run/checkpoint.safetensors"),
            content_of(folder_ / "whole/checkpoint.safetensors"));
  EXPECT_EQ(formats::read_metrics(folder_ / "run/metrics.csv").rows.size(), 4u);
}

TEST_F(EvaluateWhileTraining, CountsTheMemoryOfTheExtractor) {
  const auto memory = [&](const Texts& changes) {
    Texts all{"evaluate.samples=40", "evaluate.extractor=" + classifier_};
    all.insert(all.end(), changes.begin(), changes.end());
    const Recipe recipe = parse_recipe(test::kTinyRecipe, "tiny.toml", all);
    const auto quiet = [](const std::string& /*text*/) {};
    const TrainingData data = load_training_data(recipe, data_.path(), quiet);
    return observers::evaluation_memory({}, recipe, data.test, data_.path());
  };
  constexpr uint64_t kWeights = sizeof(float) * 28 * 28 * 16;
  EXPECT_GT(memory({"evaluate.every=2"}), kWeights);
  EXPECT_EQ(memory({"evaluate.every=0"}), 0u);
  EXPECT_EQ(memory({"evaluate.every=3"}), 0u);  // of two epochs
}

TEST_F(EvaluateWhileTraining, RefusesTooFewSamplesBeforeAnyWork) {
  const ProgramResult result = train_measured("run", {"--set", "evaluate.samples=16"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(
      contains(result.err, "16 samples (evaluate.samples) are too few for the 16 features"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run"));
}

}  // namespace
}  // namespace pumice
