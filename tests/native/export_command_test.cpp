#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/io/export.h"
#include "engine/models/latents.h"
#include "native/training/model_on_device.h"
#include "native/training/model_recipe.h"
#include "native/views/images.h"
#include "tests/support/devices.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using test::content_of;
using test::ProgramResult;
using test::TemporaryFolder;

/// A recipe with its initial weights, as a checkpoint with an average where the recipe keeps one.
class EveryFamily : public testing::TestWithParam<const char*> {
 protected:
  EveryFamily() {
    io::CheckpointContent content{.network = model_.description(), .training = {}};
    model_.initialize(7);
    for (const models::ParameterSet& set : model_.model().parameters()) {
      content.parameters.push_back({.name = set.prefix,
                                    .layout = set.parameters,
                                    .bytes = device_.read(*set.parameters->buffer())->take()});
    }
    io::write_checkpoint(file_, content);
  }

  std::vector<float> images_of(ModelOnDevice& model) const {
    models::Inference& inference = model.inference();
    const std::vector<float> latents = models::normal_latents(1, 0, 4, inference.latent_size());
    return inference.decode(latents, views::drawn_labels(inference, 4, {}));
  }

  std::vector<float> exported_images(const io::ExportOptions& options) const {
    io::write_export(out_, io::Checkpoint::read(file_), options);
    const io::Checkpoint exported = io::Checkpoint::read(out_);
    ModelOnDevice model(device_, exported.network(), exported.inference_options());
    model.load(exported);
    return images_of(model);
  }

  Recipe recipe_ = load_recipe(GetParam());
  hal::Device& device_ = test::device(test::device_names().front());
  ModelOnDevice model_{device_, describe_model(recipe_, image_kind(recipe_.data)),
                       model_options(recipe_)};
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "c.safetensors", out_ = folder_ / "out.safetensors";
};

float largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  float largest = 0;
  for (size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

TEST_P(EveryFamily, draws_the_same_after_export) {
  const std::vector<float> images = images_of(model_);
  for (const bool with_encoder : {true, false}) {
    EXPECT_EQ(exported_images({.half = false, .with_encoder = with_encoder}), images);
  }
  const uint64_t whole = std::filesystem::file_size(out_);
  const std::vector<float> halved = exported_images({.with_encoder = false});
  ASSERT_EQ(halved.size(), images.size());
  EXPECT_GT(largest_difference(halved, images), 0);
  EXPECT_LE(largest_difference(halved, images), 2e-3f);
  EXPECT_LT(std::filesystem::file_size(out_), 0.6 * whole);
}

INSTANTIATE_TEST_SUITE_P(Export, EveryFamily,
                         testing::Values("vae-mlp-mnist", "cvae-mlp-mnist", "vae-lstm-mnist",
                                         "gan-mlp-mnist", "cgan-mlp-mnist", "wgan-mlp-mnist",
                                         "dcgan-cifar10", "flow-mlp-mnist", "cflow-mlp-mnist"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

/// A run of a small VAE.
class ExportCommand : public testing::Test {
 protected:
  ExportCommand() {
    test::write_tiny_mnist(data_, 64, 20);
    train(test::kTinyRecipe, run_);
  }

  void train(const std::string& recipe, const std::string& out) const {
    const ProgramResult result =
        test::run_program({"train", folder_.file("tiny.toml", recipe), "--data", data_.path(),
                           "--out", out, "--epochs", "1"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

  ProgramResult exported(const std::vector<std::string>& more = {}) const {
    return exported(run_, data_.path(), more);
  }
  ProgramResult exported(const std::string& run, const std::string& data,
                         const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"export", run, "--web", "-o", out_, "--data", data};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::run_program(arguments, {"XDG_CACHE_HOME=" + (folder_ / "cache").string()});
  }

  std::optional<io::LatentMap> map() const { return io::latent_map_of(io::Checkpoint::read(out_)); }

  /// The error of a command that fails.
  static std::string refusal(const std::vector<std::string>& arguments, int code = 1) {
    const ProgramResult result = test::run_program(arguments);
    EXPECT_EQ(result.exit_code, code) << result.out;
    return result.err;
  }

  TemporaryFolder data_, folder_;
  std::string run_ = folder_ / "run", checkpoint_ = run_ + "/checkpoint.safetensors";
  std::string out_ = folder_ / "tiny.safetensors";
};

TEST_F(ExportCommand, says_sizes_and_the_largest_difference) {
  const ProgramResult result = exported({"--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto said = nlohmann::json::parse(result.out);
  EXPECT_EQ(said["out"], out_);
  EXPECT_EQ(said["bytes"], std::filesystem::file_size(out_));
  EXPECT_EQ(said["checkpoint_bytes"], std::filesystem::file_size(checkpoint_));
  EXPECT_GT(said["largest_difference"], 0.0);
  EXPECT_LT(said["largest_difference"], 2e-3);
  EXPECT_EQ(nlohmann::json::parse(exported({"--json", "--f32"}).out)["largest_difference"], 0.0);
}

TEST_F(ExportCommand, gives_a_file_that_other_commands_open) {
  ASSERT_EQ(exported({"--f32"}).exit_code, 0);
  const std::string a = folder_ / "a.png", b = folder_ / "b.png";
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"sample", "--count", "6"},
        {"reconstruct", "--data", data_.path(), "--count", "6"}}) {
    for (const auto& [from, to] : {std::pair(run_, a), std::pair(out_, b)}) {
      std::vector<std::string> arguments = command;
      arguments.insert(arguments.end(), {from, "--out", to});
      EXPECT_EQ(test::run_program(arguments).exit_code, 0);
    }
    EXPECT_EQ(content_of(a), content_of(b));
  }
}

TEST_F(ExportCommand, without_the_encoder_cannot_reconstruct) {
  ASSERT_EQ(exported({"--without-encoder"}).exit_code, 0);
  EXPECT_EQ(
      refusal({"reconstruct", out_, "--data", data_.path(), "--out", folder_ / "a.png"}),
      "pumice: " + out_ + ": expected a model with its encoder, found one exported without it\n");
}

TEST_F(ExportCommand, gives_a_file_that_training_cannot_resume) {
  ASSERT_EQ(exported().exit_code, 0);
  EXPECT_EQ(refusal({"train", "--resume", out_, "--epochs", "2"}),
            "pumice: " + out_ +
                ": expected a run's checkpoint, found an exported file, which lacks the state of "
                "training: resume the run\n");
  EXPECT_EQ(refusal({"export", out_, "--web", "-o", folder_ / "b.safetensors"}),
            "pumice: " + out_ + ": expected a run's checkpoint, found one that was exported\n");
}

TEST_F(ExportCommand, replaces_exported_files_alone) {
  const std::string before = content_of(checkpoint_);
  EXPECT_EQ(refusal({"export", run_, "--web", "-o", checkpoint_, "--force"}),
            "pumice: --out " + checkpoint_ +
                ": expected another file than the checkpoint, which training needs to resume\n");
  std::filesystem::copy_file(checkpoint_, out_);
  EXPECT_EQ(exported().err,
            "pumice: " + out_ +
                ": Pumice did not write the existing file; choose another name (--out), or replace "
                "it (--force)\n");
  EXPECT_EQ(content_of(out_), before);
  EXPECT_EQ(exported({"--force"}).exit_code, 0);
  EXPECT_LT(content_of(out_).size(), before.size());
  EXPECT_EQ(exported().exit_code, 0);
}

TEST_F(ExportCommand, adds_a_map_of_the_test_images) {
  ASSERT_EQ(exported().exit_code, 0);
  const std::optional<io::LatentMap> images = map();
  ASSERT_TRUE(images);
  EXPECT_EQ(images->count, 20u);
  EXPECT_EQ(images->numbers, (std::vector<uint32_t>{0, 1}));
  for (uint32_t i = 0; i < 20; ++i) EXPECT_EQ(images->labels[i], i % 9);
  const std::string file = content_of(out_);
  ASSERT_EQ(exported().exit_code, 0);
  EXPECT_EQ(content_of(out_), file);
  ASSERT_EQ(exported({"--without-encoder"}).exit_code, 0);
  EXPECT_EQ(map()->latents, images->latents);
  ASSERT_EQ(exported({"--without-map"}).exit_code, 0);
  EXPECT_FALSE(map());
  EXPECT_EQ(content_of(out_).find("map."), std::string::npos);
}

TEST_F(ExportCommand, says_where_the_page_begins) {
  const ProgramResult result = exported({"--json"});
  ASSERT_EQ(result.exit_code, 0);
  const io::Metadata metadata = io::Checkpoint::read(out_).header().metadata();
  EXPECT_EQ(std::ranges::count(metadata.at("first_latent"), ','), 1) << "two latent numbers";
  EXPECT_TRUE(metadata.at("thumbnail").starts_with("data:image/png;base64,iVBORw0KGgo"));
  EXPECT_EQ(nlohmann::json::parse(result.out)["thumbnail"], metadata.at("thumbnail"));
}

TEST_F(ExportCommand, says_why_there_is_no_map) {
  const std::string nothing = (folder_ / "cache").string();
  const ProgramResult result = exported(run_, nothing, {"--json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(result.err.starts_with("pumice: without a map of test images: ")) << result.err;
  EXPECT_NE(result.err.find(nothing), std::string::npos) << result.err;
  EXPECT_FALSE(map());
  EXPECT_EQ(exported(run_, nothing, {"--without-map"}).err, "");
}

TEST_F(ExportCommand, adds_a_map_of_samples_without_an_encoder) {
  const std::string gan = folder_ / "gan";
  train(test::kTinyGan, gan);
  ASSERT_EQ(exported(gan, "", {}).exit_code, 0);
  EXPECT_TRUE(map()->text.starts_with(
      "2000 samples by the principal components of their features: extractor-mnist ("))
      << map()->text;
  const std::vector<uint8_t> labels = map()->labels;
  for (uint32_t i = 0; i < 2000; ++i) ASSERT_EQ(labels[i], i % 10);
  EXPECT_EQ(map()->places.size(), 4000u);
}

TEST_F(ExportCommand, refuses_what_does_not_draw_or_is_no_run) {
  const std::string classifier = folder_ / "classifier";
  train(test::kTinyClassifier, classifier);
  EXPECT_EQ(
      refusal({"export", classifier, "--web", "-o", out_}),
      "pumice: " + classifier +
          "/checkpoint.safetensors: expected a model that draws images, found a classifier\n");
  EXPECT_EQ(refusal({"export", data_.path(), "--web", "-o", out_}),
            "pumice: " + data_.path().string() +
                ": expected the folder of a run, found no checkpoint.safetensors\n");
  EXPECT_EQ(refusal({"export", run_, "--web", "-o", folder_ / "a.png"}, 2),
            "pumice: --out " + (folder_ / "a.png").string() +
                ": expected the name of a .safetensors file, got .png\n");
  refusal({"export", run_}, 2);
  EXPECT_FALSE(std::filesystem::exists(out_));
}

}  // namespace
}  // namespace pumice
