#include "native/recipes/recipe.h"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/data/dataset.h"
#include "engine/models/classifier/classifier_spec.h"
#include "engine/nn/layers/layers.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/pool2d.h"
#include "engine/nn/layers/reshape.h"
#include "native/recipes/built_in_files.h"
#include "tests/native/recipe_texts.h"
#include "tests/support/errors.h"
#include "tests/support/specs.h"
#include "tests/support/temporary_folder.h"

namespace pumice {
namespace {

using nlohmann::json;
using test::error_of;
using test::gan;
using test::kGanRecipe;
using test::kRecipe;
using test::replaced;
using test::vae;

TEST(Recipe, TheBuiltInOnesAreTheZoo) {
  Recipe recipe = load_recipe("vae-mlp-mnist");
  EXPECT_EQ(recipe.name, "vae-mlp-mnist");
  EXPECT_EQ(vae(recipe).latent_size, 128u);
  EXPECT_EQ(recipe.train.epochs, 200u);
  EXPECT_EQ(recipe.train.batch, 128u);
  EXPECT_EQ(vae(recipe).optimizer.learning_rate, 1e-3);
  EXPECT_EQ(
      to_json(vae(recipe).encoder),
      json::parse(
          R"([{"type":"linear","out":512,"activation":"relu","bias":true,"spectral_norm":false},
                            {"type":"linear","out":256,"activation":"relu","bias":true,"spectral_norm":false}])"));
  EXPECT_EQ(vae(recipe).decoder,
            (std::vector<Layer>{nn::Linear{.out = 256, .activation = "relu"},
                                nn::Linear{.out = 512, .activation = "relu"}}));
  Recipe small = load_recipe("vae-mlp-mnist-z2");
  EXPECT_EQ(vae(small).latent_size, 2u);
  small.name = recipe.name;
  vae(small).latent_size = vae(recipe).latent_size;
  EXPECT_EQ(small, recipe);
}

TEST(Recipe, EveryBuiltInOneIsNamedLikeItsFile) {
  for (const BuiltInFile& built_in : built_in_recipes()) {
    EXPECT_EQ(load_recipe(std::string(built_in.name)).name, built_in.name);
  }
}

TEST(Recipe, LeavesOutWhatHasADefault) {
  Recipe recipe = parse_recipe(kRecipe, "test.toml");
  EXPECT_EQ(recipe.seed, 1u);
  EXPECT_EQ(recipe.train.batch, 128u);
  EXPECT_EQ(vae(recipe).optimizer.beta2, 0.999);
  EXPECT_EQ(vae(recipe).loss.kl_weight, 1);
  EXPECT_EQ(vae(recipe).decoder[0].activation(), "none");
}

TEST(Recipe, PoolsWithoutOverlapUnlessAStrideSaysOtherwise) {
  const std::string layers =
      "{ type = \"reshape\", shape = [4, 4, 1] }, { type = \"max_pool2d\", size = 2 }, "
      "{ type = \"average_pool2d\", size = 2, stride = 1 }";
  const Recipe recipe =
      parse_recipe(replaced("{ type = \"linear\", out = 8 }", layers), "test.toml");
  EXPECT_EQ(vae(recipe).decoder, (std::vector<Layer>{nn::Reshape{.shape = {4, 4, 1}},
                                                     nn::MaxPool2d{.size = 2, .stride = 2},
                                                     nn::AveragePool2d{.size = 2, .stride = 1}}));
  EXPECT_NE(to_toml(recipe).find("{ type = \"max_pool2d\", size = 2, stride = 2 }"),
            std::string::npos);
  EXPECT_EQ(parse_recipe(to_toml(recipe), "written"), recipe);
}

TEST(Recipe, ReadsWhatItWrote) {
  Recipe recipe = parse_recipe(kRecipe, "test.toml");
  vae(recipe).optimizer.learning_rate = 0.1 + 0.2;
  vae(recipe).optimizer.epsilon = 1e-8;
  recipe.seed = (uint64_t{1} << 63) - 1;
  vae(recipe).encoder.push_back(nn::Linear{.out = 5, .activation = "leaky_relu"});
  EXPECT_EQ(parse_recipe(to_toml(recipe), "written"), recipe);
}

TEST(Recipe, BinarizesOnlyImagesOfBce) {
  Recipe recipe = parse_recipe(kRecipe, "test.toml");
  EXPECT_EQ(to_toml(recipe).find("binarize"), std::string::npos);
  vae(recipe).loss.binarize = true;
  const std::string written = to_toml(recipe);
  EXPECT_NE(written.find("binarize = true"), std::string::npos);
  EXPECT_EQ(parse_recipe(written, "written"), recipe);
  const size_t bce = written.find("\"bce\"");
  EXPECT_TRUE(contains(
      error_of([&] { parse_recipe(std::string(written).replace(bce, 5, "\"mse\""), "written"); }),
      "binarize"));
}

TEST(Recipe, SaysHowAFolderOfImagesIsRead) {
  const std::string data =
      "name = \"folder\"\npath = \"a \\\"b\\\"/c\"\nsize = 32\nstrict = true\n"
      "background = \"white\"";
  const Recipe recipe = parse_recipe(replaced("name = \"mnist\"", data), "test.toml");
  EXPECT_EQ(recipe.data, (Recipe::Data{"folder", "a \"b\"/c", 32, 3, true, "white"}));
  EXPECT_EQ(parse_recipe(to_toml(recipe), "written"), recipe);
  EXPECT_EQ(
      to_json(recipe)["data"],
      json::parse(
          R"({"name":"folder","path":"a \"b\"/c","size":32,"channels":3,"background":"white","strict":true})"));
}

TEST(Recipe, WritesEveryKey) {
  EXPECT_EQ(to_toml(parse_recipe(kRecipe, "test.toml")), R"(name = "test"
model = "vae"
seed = 1
initialization = "fan_in"
conditional = false

[data]
name = "mnist"

[train]
epochs = 3
batch = 128

[evaluate]
every = 0
samples = 2000
extractor = ""

[optimizer]
name = "adam"
learning_rate = 0.001
beta1 = 0.9
beta2 = 0.999
epsilon = 1e-08
clip_norm = 0
warm_up_epochs = 0
decay = "none"

[loss]
reconstruction = "bce"
kl_weight = 1
kl_warm_up_epochs = 0

[encoder]
layers = [
  { type = "linear", out = 8, activation = "relu", bias = true, spectral_norm = false },
]

[latent]
size = 2

[decoder]
layers = [
  { type = "linear", out = 8, activation = "none", bias = true, spectral_norm = false },
]
)");
  json recipe = to_json(parse_recipe(kRecipe, "test.toml"));
  EXPECT_EQ(recipe["train"], json::parse(R"({"epochs":3,"batch":128})"));
  EXPECT_EQ(recipe["evaluate"], json::parse(R"({"every":0,"samples":2000,"extractor":""})"));
  EXPECT_EQ(recipe["decoder"]["layers"][0]["out"], 8);
}

TEST(Recipe, TakesOverridesInOrder) {
  std::vector<std::string> overrides{
      "train.epochs=5",          "train.epochs=7", "optimizer.learning_rate=2e-4",
      "loss.reconstruction=mse", "name=\"other\"", "encoder.layers=[{type='linear',out=9}]"};
  Recipe recipe = parse_recipe(kRecipe, "test.toml", overrides);
  EXPECT_EQ(recipe.train.epochs, 7u);
  EXPECT_EQ(vae(recipe).optimizer.learning_rate, 2e-4);
  EXPECT_EQ(vae(recipe).loss.reconstruction, "mse");
  EXPECT_EQ(recipe.name, "other");
  EXPECT_EQ(vae(recipe).encoder[0], nn::Layer(nn::Linear{.out = 9}));
}

TEST(Recipe, OptimizersOfAGanLeaveOutWhatTheyShare) {
  const Recipe recipe = parse_recipe(kGanRecipe, "test.toml");
  EXPECT_EQ(gan(recipe).discriminator_optimizer, gan(recipe).optimizer);
  EXPECT_EQ(gan(recipe).generator_optimizer.name, "rmsprop");
  EXPECT_EQ(gan(recipe).generator_optimizer.learning_rate, 1e-4);
  EXPECT_EQ(gan(recipe).loss.clip, 0.02);
  EXPECT_EQ(gan(recipe).loss.critic_steps, 1u);
  EXPECT_EQ(parse_recipe(to_toml(recipe), "written"), recipe);
}

TEST(Recipe, KnowsTheKeysOfWhatItChooses) {
  const std::vector<std::string> adam{"discriminator_optimizer.name=adam",
                                      "discriminator_optimizer.beta1=0.5"};
  EXPECT_EQ(gan(parse_recipe(kGanRecipe, "r.toml", adam)).discriminator_optimizer.beta1, 0.5);
  const std::vector<std::string> beta{"optimizer.beta1=0.5"};
  EXPECT_TRUE(error_of([&] {
                parse_recipe(kGanRecipe, "r.toml", beta);
              }).starts_with("--set optimizer.beta1=0.5: unknown key 'optimizer.beta1'; "));
  std::string hinge = kGanRecipe;
  hinge.replace(hinge.find("\"wasserstein\""), 13, "\"hinge\"");
  EXPECT_TRUE(error_of([&] {
                parse_recipe(hinge, "r.toml");
              }).starts_with("r.toml:14:8: unknown key 'loss.clip'; "));
  const std::vector<std::string> decay{"optimizer.decay=step", "optimizer.decay_epochs=3"};
  EXPECT_EQ(error_of([&] { parse_recipe(kGanRecipe, "r.toml", decay); }),
            "r.toml: key 'optimizer.decay_factor' is missing: expected a number > 0 and <= 1");
}

using Texts = std::vector<std::string>;

// The string that --set assigns, whatever it would mean in TOML.
TEST(Recipe, TakesTextsAsTheyAreWritten) {
  for (const char* name : {"2024", "1e5", "0x10", "true", "2024-05-01", "nan", "1_000", "-5"}) {
    const Recipe recipe = parse_recipe(kRecipe, "r.toml", Texts{std::string("name=") + name});
    EXPECT_EQ(recipe.name, name);
    EXPECT_EQ(parse_recipe(to_toml(recipe), "written"), recipe);
  }
  for (const char* path : {"2024",     "2024-05-01", "2024-05-01 07:32:00",
                           "07:32:00", "1e5",        "0x10",
                           "0b1",      "true",       "false",
                           "inf",      "[1]",        "[a]",
                           "{x}",      "{x=1}",      "{ }",
                           "[]",       "1 # one",    "a#b",
                           "it's",     "a\"b",       " 1",
                           "1=2",      "a\nb=3",     "/data/2024",
                           ""}) {
    const Recipe recipe = parse_recipe(kRecipe, "r.toml",
                                       Texts{"data.name=folder", std::string("data.path=") + path});
    EXPECT_EQ(recipe.data.path, path);
    EXPECT_EQ(parse_recipe(to_toml(recipe), "written"), recipe);
    EXPECT_EQ(
        parse_recipe(kRecipe, "r.toml", Texts{std::string("evaluate.extractor=") + path}).evaluate,
        (Recipe::Evaluate{.every = 0, .samples = 2000, .extractor = path}));
  }
}

TEST(Recipe, TakesTextsInQuotes) {
  for (const char* quoted : {"\"2024\"", "'2024'", "\"\"\"2024\"\"\"", "\"20\\u00324\""}) {
    EXPECT_EQ(parse_recipe(kRecipe, "r.toml", Texts{std::string("name=") + quoted}).name, "2024");
  }
}

// The text of another key, or an earlier one of the same key, does not count.
TEST(Recipe, TakesTheLastOfSeveralTexts) {
  EXPECT_EQ(parse_recipe(kRecipe, "r.toml", Texts{"name=2024", "name=2025"}).name, "2025");
  EXPECT_EQ(parse_recipe(kRecipe, "r.toml", Texts{"name=2024", "name='b'"}).name, "b");
  const Texts table{"data.path=2024", "data={name='folder',path=7}"};
  EXPECT_EQ(error_of([&] { parse_recipe(kRecipe, "r.toml", table); }),
            "--set data={name='folder',path=7}: key 'data.path': expected a text, got 7");
}

TEST(Recipe, EveryKeyOfEveryModelCanBeSet) {
  for (const BuiltInFile& built_in : built_in_recipes()) {
    const Recipe recipe = load_recipe(std::string(built_in.name));
    std::vector<std::string> overrides;
    const json keys = to_json(recipe);
    for (const auto& [table, value] : keys.items()) {
      if (!value.is_object()) {
        overrides.push_back(fmt::format("{}={}", table, value.dump()));
        continue;
      }
      for (const auto& [key, inner] : value.items()) {
        if (key != "layers") overrides.push_back(fmt::format("{}.{}={}", table, key, inner.dump()));
      }
    }
    EXPECT_EQ(load_recipe(recipe.name, overrides), recipe) << recipe.name;
    EXPECT_EQ(parse_recipe(to_toml(recipe), "written"), recipe) << recipe.name;
  }
}

TEST(Recipe, LoadsFiles) {
  test::TemporaryFolder folder;
  EXPECT_EQ(load_recipe(folder.file("mine.toml", kRecipe)).name, "test");
  std::string missing = folder / "none.toml";
  EXPECT_EQ(error_of([&] { load_recipe(missing); }),
            missing + ": cannot open: No such file or directory");
  std::string here = folder.path();
  EXPECT_EQ(error_of([&] { load_recipe(here); }), here + ": expected a recipe, found a folder");
}

TEST(Recipe, ListsTheOnesThatExist) {
  const std::string error = error_of([] { load_recipe("vae-mlp-mnits"); });
  EXPECT_TRUE(error.starts_with(
      "no recipe 'vae-mlp-mnits' (did you mean 'vae-mlp-mnist'?); there are: beta-vae-mnist, "))
      << error;
  EXPECT_TRUE(error.ends_with(", wgan-mlp-mnist (a file's name ends in .toml)")) << error;
}

}  // namespace
}  // namespace pumice
