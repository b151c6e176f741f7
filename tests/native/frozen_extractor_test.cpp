#include "native/evaluation/frozen_extractor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/base/read_text.h"
#include "native/evaluation/extractor.h"
#include "native/evaluation/features.h"
#include "native/training/data_folder.h"
#include "native/training/model_on_device.h"
#include "tests/support/contains.h"
#include "tests/support/devices.h"
#include "tests/support/folders.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kDataSets{"mnist", "fashion-mnist"};

io::Checkpoint shipped_extractor(const std::string& data_set) {
  const std::span<const std::byte> bytes = frozen_extractor("extractor-" + data_set);
  return io::Checkpoint(io::Safetensors({bytes.begin(), bytes.end()}, data_set));
}

fs::path source_of_extractor(const std::string& data_set) {
  return test::source_folder() / "native/evaluation/extractors" / ("extractor-" + data_set);
}

bool has_dataset(const std::string& data_set) {
  std::error_code ignored;
  return fs::exists(data_folder("", data_set) / "train-images-idx3-ubyte", ignored) ||
         fs::exists(data_folder("", data_set) / "train-images-idx3-ubyte.gz", ignored);
}

Recipe recipe_of_extractor(const std::string& data_set) {
  return parse_recipe(shipped_extractor(data_set).training().recipe, data_set);
}

OpenExtractor open_frozen(const std::string& data_set, hal::Device& device) {
  return ExtractorChoice("", recipe_of_extractor(data_set).data, "", {28, 28, 1})
      .open(device, nullptr);
}

TEST(FrozenExtractor, IsChosenByItsName) {
  for (const std::string& data_set : kDataSets) {
    const Recipe::Data other{.name = data_set == "mnist" ? "fashion-mnist" : "mnist"};
    const ExtractorChoice choice("extractor-" + data_set, other, "", {28, 28, 1});
    EXPECT_TRUE(choice.is_there());
    hal::Device& device = test::device("null");
    EXPECT_EQ(choice.open(device, nullptr).hash_text(), open_frozen(data_set, device).hash_text());
  }
}

bool has_device(const std::string& device) {
  return std::ranges::count(test::device_names(), device) > 0;
}

TEST(FrozenExtractor, IsSmallAndHoldsNothingOfTheMachine) {
  size_t bytes = 0;
  for (const std::string& data_set : kDataSets) {
    bytes += frozen_extractor("extractor-" + data_set).size();
    EXPECT_EQ(shipped_extractor(data_set).training().device, "");
    EXPECT_FALSE(shipped_extractor(data_set).header().metadata().contains("pumice"));
  }
  EXPECT_GT(bytes, 0u);
  EXPECT_LT(bytes, 1'000'000u);
  EXPECT_TRUE(frozen_extractor("extractor-cifar10").empty());
}

TEST(FrozenExtractor, WasTrainedByTheRecipeBesideIt) {
  for (const std::string& data_set : kDataSets) {
    const fs::path recipe = source_of_extractor(data_set) += ".toml";
    if (!fs::exists(recipe)) GTEST_SKIP() << "without the repository";
    EXPECT_EQ(recipe_of_extractor(data_set), load_recipe(recipe.string()));
    EXPECT_EQ(shipped_extractor(data_set).training().epoch,
              recipe_of_extractor(data_set).train.epochs);
  }
}

TEST(FrozenExtractor, HasTheHashThatTheDocumentsName) {
  const fs::path page = test::source_folder() / "docs/evaluation.md";
  if (!fs::exists(page)) GTEST_SKIP() << "without the repository";
  for (const std::string& data_set : kDataSets) {
    const OpenExtractor extractor = open_frozen(data_set, test::device("null"));
    EXPECT_TRUE(test::contains(read_text(page), extractor.hash_text()));
    const OpenExtractor file =
        ExtractorChoice((source_of_extractor(data_set) += ".safetensors").string(),
                        recipe_of_extractor(data_set).data, "", {28, 28, 1})
            .open(test::device("null"), nullptr);
    EXPECT_EQ(file.text(), extractor.text());
  }
}

/// The fraction of the test images that it assigns to their class.
double accuracy_of(const std::string& data_set) {
  hal::Device& device = test::device(test::device_names().front());
  const data::ImageSet images =
      load_data(recipe_of_extractor(data_set), "", data::Split::kTest, [](const std::string&) {});
  const metrics::Features features =
      features_of_images(open_frozen(data_set, device), images, [](const std::string&) {});
  uint32_t right = 0;
  for (uint32_t i = 0; i < features.count; ++i) {
    const auto row = features.probabilities.begin() + ptrdiff_t{i} * features.classes;
    right += std::max_element(row, row + features.classes) - row == images.labels[i];
  }
  return double(right) / features.count;
}

TEST(FrozenExtractor, RecognizesTheTestImages) {
  bool any = false;
  for (const std::string& data_set : kDataSets) {
    if (!has_dataset(data_set)) continue;
    any = true;
    // f16 hardly changes what the last epoch's test measured.
    const io::EpochMetrics last = shipped_extractor(data_set).training().metrics.back();
    EXPECT_NEAR(accuracy_of(data_set), value_of(last.test, "accuracy"), 5e-4) << data_set;
  }
  if (!any) GTEST_SKIP() << "without the data sets; see scripts/setup";
}

/// The means of the first and the next twenty steps.
struct Beginning {
  double loss[2];
  double accuracy[2];
};

Beginning begin_training(hal::Device& device, const std::string& data_set) {
  constexpr uint32_t kRow = 20;
  const Recipe recipe = recipe_of_extractor(data_set);
  const TrainingData data = load_training_data(recipe, "", [](const std::string&) {});
  ModelOnDevice model(device, describe_model(recipe, image_kind(data.train)),
                      model_options(recipe));
  model.initialize(recipe.seed);
  const train::Datasets uploaded = upload(device, data);
  const auto trainer = make_trainer(device, model.model(), recipe, uploaded);
  trainer->run_epoch(
      [&](const train::Progress& progress) { return progress.step_in_epoch < 2 * kRow; });
  const std::vector<Metrics> steps = trainer->step_metrics();
  Beginning begin{};
  for (uint32_t i = 0; i < 2 * kRow; ++i) {
    begin.loss[i / kRow] += value_of(steps.at(i), "loss") / kRow;
    begin.accuracy[i / kRow] += value_of(steps.at(i), "accuracy") / kRow;
  }
  return begin;
}

// The first rows of steps.csv of the training that made the file, on lavapipe. Later steps amplify
// the rounding in which devices differ; scripts/extractors compares all of it.
TEST(FrozenExtractor, BeginsTrainingAsItsOwnDid) {
  if (!has_dataset("mnist")) GTEST_SKIP() << "without MNIST; see scripts/setup";
  const Beginning own{{1.40600511, 0.462880978}, {0.561328125, 0.85546875}};
  for (const auto& [device, tolerance] : {std::pair("lavapipe", 1e-4), std::pair("cpu", 1e-2)}) {
    if (!has_device(device)) continue;
    const Beginning again = begin_training(test::device(device), "mnist");
    for (int i : {0, 1}) {
      EXPECT_NEAR(again.loss[i], own.loss[i], tolerance) << device;
      EXPECT_NEAR(again.accuracy[i], own.accuracy[i], tolerance) << device;
    }
  }
}

}  // namespace
}  // namespace pumice
