#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/data/dataset.h"
#include "engine/models/gan/gan_spec.h"
#include "engine/models/model.h"
#include "native/recipes/built_in_files.h"
#include "native/training/model_recipe.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/images.h"
#include "tests/support/program.h"
#include "tests/support/tiny_cifar10.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using test::TemporaryFolder;
using Counts = std::vector<uint64_t>;

models::Description described(const std::string& name) {
  const Recipe recipe = load_recipe(name);
  ImageKind kind = image_kind(recipe.data);
  return describe_model(recipe, kind);
}

/// The number of parameters of each network.
Counts network_counts(const std::string& name) {
  const auto model = described(name).build();
  Counts counts;
  for (const nn::Network* network : model->networks()) counts.push_back(network->parameter_count());
  return counts;
}

/// The number of parameters of each layer that has any.
Counts layer_counts(const nn::Network& network) {
  Counts counts;
  for (const nn::Network::Row& row : network.rows()) {
    if (row.parameters > 0) counts.push_back(row.parameters);
  }
  return counts;
}

// The counts in the reports that the recipes reproduce, as Keras counts: without running
// statistics.
TEST(Zoo, HasTheParametersOfItsReports) {
  EXPECT_EQ(network_counts("gan-mlp-mnist"), (Counts{1'486'352, 1'460'225}));
  EXPECT_EQ(network_counts("gan-conv-mnist"), (Counts{1'164'289, 40'705}));
  EXPECT_EQ(network_counts("wgan-conv-mnist"), (Counts{1'164'289, 40'705}));
  const auto gan = described("gan-conv-mnist").build();
  EXPECT_EQ(layer_counts(*gan->networks()[0]), (Counts{633'472, 262'272, 262'272, 6'273}));
  EXPECT_EQ(layer_counts(*gan->networks()[1]), (Counts{640, 36'928, 3'137}));
  EXPECT_EQ(described("vae-mlp-mnist-1m5").build()->parameter_count(), 1'474'784u);
  EXPECT_EQ(network_counts("classifier-mnist"), (Counts{569'606}));
}

TEST(Zoo, HasTheWidestLayer) {
  const auto model = described("vae-lstm-seq-mnist").build();
  EXPECT_EQ(model->networks()[1]->rows().back().parameters, 50'176u * 784 + 784);
  EXPECT_EQ(model->networks()[0]->rows()[0].output, Shape({28, 64}));
}

TEST(Zoo, GrowsImagesAsItsReportsSay) {
  const auto model = described("vae-lstm-mnist").build();
  std::vector<Shape> shapes;
  for (const nn::Network::Row& row : model->networks()[1]->rows()) shapes.push_back(row.output);
  EXPECT_EQ(shapes, (std::vector<Shape>{{1, 1, 4}, {8, 8, 32}, {11, 11, 16}, {12, 12, 8}, {784}}));
}

TEST(Zoo, HoldsARecipeForEveryRow) {
  for (const char* name : {"vae-mlp-mnist",         "vae-mlp-mnist-z2",
                           "vae-lstm-mnist",        "vae-lstm-seq-mnist",
                           "vae-mlp-mnist-1m5",     "gan-mlp-mnist",
                           "gan-mlp-mnist-z128",    "wgan-mlp-mnist",
                           "gan-conv-mnist",        "wgan-conv-mnist",
                           "dcwgan-mnist",          "vae-conv-cifar10",
                           "vae-mlp-cifar10",       "dcgan-cifar10",
                           "dcwgan-cifar10",        "vae-mlp-folder",
                           "gan-mlp-folder",        "dcgan-folder",
                           "classifier-mnist",      "classifier-fashion-mnist",
                           "classifier-cifar10",    "classifier-folder",
                           "vae-mlp-fashion-mnist", "cvae-mlp-mnist",
                           "cgan-mlp-mnist",        "wgan-gp-mnist",
                           "beta-vae-mnist",        "sngan-mnist",
                           "wgan-conv-mnist-adam",  "vae-mlp-mnist-binary"}) {
    EXPECT_GT(described(name).build()->parameter_count(), 0u) << name;
  }
}

// Formerly MNIST's shape was assumed.
TEST(Zoo, KnowsNoShapeOfAnUnknownDataSet) {
  EXPECT_EQ(
      test::error_of([] { image_kind(Recipe::Data{.name = "imagenet"}); }),
      fmt::format("no data set 'imagenet'; there are: {}", fmt::join(data::dataset_names(), ", ")));
  EXPECT_EQ(image_kind(Recipe::Data{.name = "cifar10"}).image, Shape({32, 32, 3}));
  EXPECT_EQ(image_kind(Recipe::Data{.name = "folder", .size = 48}).image, Shape({48, 48, 3}));
}

TEST(Zoo, HoldsRecipesThatFitTheirData) {
  for (const BuiltInFile& recipe : built_in_recipes()) {
    const std::string name(recipe.name);
    EXPECT_GT(described(name).build()->parameter_count(), 0u) << name;
  }
}

/// A few images in the shape of each of the recipes' data sets.
class FewImages {
 public:
  FewImages() {
    test::write_tiny_mnist(mnist_, 20, 4);
    test::write_tiny_cifar10(cifar10_, 4, 4);
    for (uint8_t i = 0; i < 30; ++i) {
      const std::filesystem::path folder = images_ / (i % 2 == 0 ? "a" : "b");
      std::filesystem::create_directories(folder);
      test::write_plain_png(folder / fmt::format("{}.png", i), {i, uint8_t(8 * i), 90});
    }
  }
  TrainingData load(const Recipe::Data& data) const {
    const TemporaryFolder& folder = data.name == "folder"    ? images_
                                    : data.name == "cifar10" ? cifar10_
                                                             : mnist_;
    const data::ImageFolderOptions options{
        .folder = folder.path(), .size = data.size, .channels = data.channels};
    return {.train = data::load(data.name, options, data::Split::kTrain),
            .test = data::load(data.name, options, data::Split::kTest)};
  }

 private:
  TemporaryFolder mnist_, cifar10_, images_;
};

uint32_t critic_steps(const Recipe& recipe) {
  const bool is_gan = &recipe.spec.family() == &models::kGan;
  return is_gan ? recipe.spec.as<models::GanSpec>().loss.critic_steps : 1;
}

// Other tests look for differences between drivers; here one driver is enough.
TEST(Zoo, TrainsAStepOfEveryRecipe) {
  hal::Device& device = test::device(test::device_names().front());
  const FewImages images;
  const std::vector<std::string> small{"train.batch=4"};
  for (const BuiltInFile& built_in : built_in_recipes()) {
    SCOPED_TRACE(built_in.name);
    const Recipe recipe = load_recipe(std::string(built_in.name), small);
    const TrainingData data = images.load(recipe.data);
    const auto model = describe_model(recipe, image_kind(data.train)).build(model_options(recipe));
    model->allocate(device);
    model->initialize(device, recipe.seed);
    const auto trainer = make_trainer(device, *model, recipe, upload(device, data));
    trainer->run_steps(critic_steps(recipe));  // then a generator has made one step, too
    for (const Metrics& step : trainer->step_metrics()) {
      for (const Metric& metric : step) EXPECT_TRUE(std::isfinite(metric.value)) << metric.name;
    }
  }
}

TEST(Models, ShowEveryLayer) {
  const test::ProgramResult result = test::run_program({"models", "gan-conv-mnist"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(result.out.starts_with(R"(gan-conv-mnist: a gan of 1204994 parameters for mnist

layer        kind                                output         parameters
generator    input                               [100]
generator.0  linear, leaky_relu                  [6272]         633472
generator.1  reshape                             [7, 7, 128]    0
generator.2  conv_transpose2d k4 s2, leaky_relu  [14, 14, 128]  262272
)")) << result.out;
}

TEST(Models, AnswerInJson) {
  const test::ProgramResult result = test::run_program({"models", "--json"});
  const nlohmann::json models = nlohmann::json::parse(result.out)["models"];
  ASSERT_EQ(models.size(), built_in_recipes().size());
  for (const nlohmann::json& model : models) {
    uint64_t sum = 0;
    for (const nlohmann::json& network : model["networks"]) {
      for (const nlohmann::json& layer : network["layers"]) {
        sum += layer["parameters"].get<uint64_t>();
      }
    }
    EXPECT_EQ(model["parameters"], sum) << model["name"];
  }
  EXPECT_EQ(test::run_program({"models", "gan-mlp-mnits"}).exit_code, 1);
}

TEST(Models, ShowsTheMemoryOfTraining) {
  const auto bytes = [](const test::Program::Texts& more) {
    test::Program::Texts words{"models", "--memory", "gan-mlp-mnist", "--json", "--device", "cpu"};
    words.insert(words.end(), more.begin(), more.end());
    const test::ProgramResult result = test::run_program(words);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return nlohmann::json::parse(result.out)["recipes"][0]["training_bytes"].get<uint64_t>();
  };
  const uint64_t one = bytes({"--batch", "1024"}), twice = bytes({"--batch", "2048"});
  EXPECT_GT(one, bytes({}));
  // Activations of both networks for another 1024 images, and of generated ones: at least the
  // images.
  EXPECT_GT(twice - one, 2u * 1024 * 784 * 4);
  EXPECT_EQ(test::run_program({"models", "--batch", "3"}).exit_code, 2);
}

// lavapipe offers two gigabytes, whatever the machine has.
TEST(Models, SaysWhichBatchFits) {
  const auto& names = test::device_names();
  if (std::ranges::find(names, "lavapipe") == names.end()) GTEST_SKIP() << "no lavapipe";
  const test::ProgramResult result =
      test::run_program({"models", "--memory", "vae-mlp-cifar10", "vae-mlp-mnist", "--batch",
                         "30000", "--json", "--device", "llvmpipe"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json models = nlohmann::json::parse(result.out);
  if (models["memory_bytes"] > uint64_t{2} << 30) GTEST_SKIP() << "this version offers more";
  EXPECT_EQ(models["recipes"][0]["fits"], false);
  EXPECT_EQ(models["recipes"][0]["batch_that_fits"].get<uint32_t>() % 1875, 0u);  // halved
  EXPECT_EQ(models["recipes"][1]["fits"], true);
}

}  // namespace
}  // namespace pumice
