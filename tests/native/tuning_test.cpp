#include "native/training/tuning.h"

#include <gtest/gtest.h>

#include "engine/hal/null/null_device.h"
#include "engine/io/tuning_json.h"
#include "native/training/tuning_file.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"
#include "tests/support/limits.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_mnist.h"

namespace pumice::test {
namespace {

using Choices = hal::Tuning::Choices;

const Choices kChoices = {{"matmul 128x512x784 nt", {"block_64", 10}},
                          {"matmul 64x64x64 nn", {"tile", 1}}};

hal::Limits gpu() {
  hal::Limits limits = limits_of(hal::DeviceType::kDiscreteGpu, 32);
  limits.device_name = "some GPU";
  return limits;
}

TEST(TuningFile, keeps_choices_by_device_memory_and_driver) {
  TemporaryFolder folder;
  hal::Limits limits = gpu();
  Notify none = [](const std::string& text) { ADD_FAILURE() << text; };
  const TuningFile file(folder / "below", limits);
  EXPECT_EQ(file.read(none), Choices());
  file.write(kChoices);
  EXPECT_EQ(file.read(none), kChoices);
  limits.prefers.host_memory = true;
  EXPECT_NE(TuningFile(folder / "below", limits).path(), file.path());
  limits.prefers.host_memory = false;
  EXPECT_EQ(TuningFile(folder / "below", limits).path(), file.path());
  limits.driver = "next version";
  EXPECT_NE(TuningFile(folder / "below", limits).path(), file.path());
}

TEST(TuningFile, ignores_a_damaged_file_and_says_so) {
  TemporaryFolder folder;
  const TuningFile file(folder.path(), gpu());
  for (std::string_view broken :
       {"", "{", "[]", "{}", R"({"choices": []})", R"({"choices": {"a": 3}})",
        R"({"choices": {"a": ["tile", 0]}})", R"({"choices": {"a": ["tile", -1]}})",
        R"({"choices": {"a": [1, 1]}})"}) {
    folder.file(file.path().filename().string(), broken);
    std::string warning;
    EXPECT_EQ(file.read([&](const std::string& text) { warning = text; }), Choices()) << broken;
    EXPECT_TRUE(warning.starts_with(file.path().string() + ": ")) << warning;
    EXPECT_TRUE(warning.ends_with("; measuring again")) << warning;
  }
}

TEST(TuningJson, reads_what_it_writes) {
  const std::string text = io::choices_to_json(kChoices);
  EXPECT_EQ(text, R"({"matmul 128x512x784 nt":["block_64",10],"matmul 64x64x64 nn":["tile",1]})");
  EXPECT_EQ(io::choices_from_json(text, "here"), kChoices);
  EXPECT_EQ(error_of([] { io::choices_from_json(R"({"a":["tile"]})", "here"); }),
            R"(here: a: expected a kernel and a number of parts, found ["tile"])");
}

data::ImageSet blank(uint32_t count) {
  data::ImageSet images{.count = count, .height = 28, .width = 28, .channels = 1};
  images.pixels.resize(count * images.image_size());
  images.labels.resize(count);
  images.class_names = {"0"};
  return images;
}

/// Tunes the tiny recipe on a device that is fast with block_128 and counts what it measures.
class TuneKernels : public testing::Test {
 protected:
  std::shared_ptr<hal::Tuning> tune(TuneMode mode, double seconds = 1000) {
    return tune_kernels(*device_, wanted_,
                        {.mode = mode,
                         .folder = cache_,
                         .notify = [this](const std::string& text) { notes_.push_back(text); },
                         .measure =
                             [this](const ops::Problem&, const ops::CoreChoice& choice, double) {
                               ++measured_;
                               return choice.core == fast_ ? 0.5 : 1.0;
                             },
                         .budget = {.seconds = seconds, .now = [this] { return measured_; }}});
  }

  TemporaryFolder folder_;
  std::filesystem::path cache_ = folder_.path();
  TrainingData data_{blank(64), blank(16)};
  std::unique_ptr<hal::Device> device_ = hal::null::create_device(gpu());
  hal::Tuning::Wanted wanted_ =
      shapes_in_training(gpu(), parse_recipe(kTinyRecipe, "tiny.toml"), data_);
  ops::GemmCore fast_ = ops::GemmCore::kBlock128;
  double measured_ = 0;
  std::vector<std::string> notes_;
};

TEST_F(TuneKernels, FindsTheShapesOfATraining) {
  EXPECT_TRUE(wanted_.contains("matmul 16x16x784 nt")) << wanted_.begin()->first;  // forward
  EXPECT_TRUE(wanted_.contains("matmul 16x784x16 tn"));  // the gradient of the encoder's weight
}

TEST_F(TuneKernels, TellsPrecisionsApart) {
  hal::Limits limits = gpu();
  const std::vector<std::string> overrides{"train.precision=mixed"};
  const Recipe mixed = parse_recipe(kTinyRecipe, "tiny.toml", overrides);
  EXPECT_EQ(shapes_in_training(limits, mixed, data_).count("matmul 16x16x784 nt"), 1u);
  limits.features |= static_cast<uint32_t>(hal::Feature::kCooperativeMatrix);
  EXPECT_EQ(shapes_in_training(limits, mixed, data_).count("matmul 16x16x784 nt mixed"), 1u);
}

TEST_F(TuneKernels, MeasuresOnceAndRemembers) {
  const Choices first = tune(TuneMode::kAuto)->choices();
  EXPECT_EQ(first.at("matmul 16x16x784 nt").variant, "block_128");
  EXPECT_EQ(first.size(), wanted_.size());
  ASSERT_EQ(notes_.size(), 2u);
  EXPECT_EQ(notes_[0],
            fmt::format("tuning {} kernels for some GPU (at most 1000 s)", wanted_.size()));
  const double measured = measured_;
  EXPECT_GT(measured, 0);
  fast_ = ops::GemmCore::kTile;
  EXPECT_EQ(tune(TuneMode::kAuto)->choices(), first);
  EXPECT_EQ(measured_, measured);
  EXPECT_EQ(notes_.size(), 2u);
  EXPECT_NE(tune(TuneMode::kRedo)->choices(), first);
  EXPECT_NE(tune(TuneMode::kAuto)->choices(), first);
}

TEST_F(TuneKernels, KeepsTheRuleInLaterRunsWhereTheTimeWasUp) {
  const Choices first = tune(TuneMode::kAuto, 1)->choices();
  EXPECT_EQ(first.size(), wanted_.size());
  const double measured = measured_;
  EXPECT_EQ(tune(TuneMode::kAuto)->choices(), first);
  EXPECT_EQ(measured_, measured);
}

TEST_F(TuneKernels, MeasuresOnlyWhatIsMissing) {
  tune(TuneMode::kAuto);
  const double measured = measured_;
  const ops::GemmShape other = {16, 32, 64};
  wanted_ = {{ops::key_of(other), ops::Problem(other)}};
  EXPECT_EQ(tune(TuneMode::kAuto)->choices().size(), 1u);
  EXPECT_GT(measured_, measured);
  EXPECT_LT(measured_, 2 * measured);
}

TEST_F(TuneKernels, FollowsRulesWhenOff) {
  EXPECT_EQ(tune(TuneMode::kOff), nullptr);
  EXPECT_EQ(measured_, 0);
  EXPECT_EQ(folder_.count(), 0u);
  EXPECT_EQ(default_tune_mode(gpu()), TuneMode::kAuto);
  EXPECT_EQ(default_tune_mode(limits_of(hal::DeviceType::kCpu, 8)), TuneMode::kOff);
}

TEST_F(TuneKernels, FollowsRulesWhereNothingCanBeStored) {
  for (const std::filesystem::path& no_folder :
       {std::filesystem::path(), folder_.file("file", "") / "below"}) {
    cache_ = no_folder;
    EXPECT_EQ(tune(TuneMode::kAuto), nullptr);
    EXPECT_EQ(measured_, 0);
    ASSERT_EQ(notes_.size(), 1u);
    EXPECT_TRUE(notes_[0].ends_with("; fixed rules choose the kernels")) << notes_[0];
    EXPECT_EQ(tune(TuneMode::kRedo)->choices().size(), wanted_.size());
    EXPECT_TRUE(notes_[1].ends_with("; only this run uses what it measures")) << notes_[1];
    EXPECT_GT(measured_, 0);
    measured_ = 0;
    notes_.clear();
  }
}

}  // namespace
}  // namespace pumice::test
