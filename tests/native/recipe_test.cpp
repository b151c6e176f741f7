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
#include "tests/support/errors.h"
#include "tests/support/specs.h"
#include "tests/support/temporary_folder.h"

namespace pumice {
namespace {

using nlohmann::json;
using test::error_of;
using test::gan;
using test::vae;

const std::string kRecipe = R"(name = "test"
model = "vae"
[data]
name = "mnist"
[train]
epochs = 3
[encoder]
layers = [ { type = "linear", out = 8, activation = "relu" } ]
[latent]
size = 2
[decoder]
layers = [ { type = "linear", out = 8 } ]
)";

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = kRecipe;
  return text.replace(text.find(from), from.size(), to);
}

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

const std::string kGan = R"(name = "test"
model = "gan"
[data]
name = "mnist"
[train]
epochs = 3
[optimizer]
name = "rmsprop"
learning_rate = 5e-5
[generator_optimizer]
learning_rate = 1e-4
[loss]
kind = "wasserstein"
clip = 0.02
[latent]
size = 2
[generator]
layers = [ { type = "linear", out = 8, activation = "relu" } ]
output = "sigmoid"
[discriminator]
layers = [ { type = "linear", out = 8, activation = "relu" } ]
)";

TEST(Recipe, OptimizersOfAGanLeaveOutWhatTheyShare) {
  const Recipe recipe = parse_recipe(kGan, "test.toml");
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
  EXPECT_EQ(gan(parse_recipe(kGan, "r.toml", adam)).discriminator_optimizer.beta1, 0.5);
  const std::vector<std::string> beta{"optimizer.beta1=0.5"};
  EXPECT_TRUE(error_of([&] {
                parse_recipe(kGan, "r.toml", beta);
              }).starts_with("--set optimizer.beta1=0.5: unknown key 'optimizer.beta1'; "));
  std::string hinge = kGan;
  hinge.replace(hinge.find("\"wasserstein\""), 13, "\"hinge\"");
  EXPECT_TRUE(error_of([&] {
                parse_recipe(hinge, "r.toml");
              }).starts_with("r.toml:14:8: unknown key 'loss.clip'; "));
  const std::vector<std::string> decay{"optimizer.decay=step", "optimizer.decay_epochs=3"};
  EXPECT_EQ(error_of([&] { parse_recipe(kGan, "r.toml", decay); }),
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

std::string gan_with(const std::string& optimizer, const std::string& generator) {
  std::string text = kGan;
  const size_t begin = text.find("[optimizer]");
  const size_t end = text.find("[loss]");
  return text.replace(begin, end - begin,
                      "[optimizer]\n" + optimizer + "\n[generator_optimizer]\n" + generator + "\n");
}

// The table, as to_toml() writes it.
std::string table_of(const Recipe& recipe, const std::string& name) {
  const std::string text = to_toml(recipe);
  const size_t begin = text.find("[" + name + "]\n") + name.size() + 3;
  return text.substr(begin, text.find("\n\n", begin) + 1 - begin);
}

TEST(Recipe, AnOptimizerOfAGanTakesOverOnlyKeysThatItsMethodHas) {
  const std::string adamw = "name = 'adamw'\nweight_decay = 1\nbeta1 = 0.5\nlearning_rate = 0.01";
  const Recipe adam = parse_recipe(gan_with(adamw, "name = 'adam'"), "r.toml");
  EXPECT_EQ(gan(adam).generator_optimizer,
            (optim::OptimizerSpec{.name = "adam", .learning_rate = 0.01, .beta1 = 0.5}));
  EXPECT_EQ(gan(adam).discriminator_optimizer, gan(adam).optimizer);
  EXPECT_EQ(gan(adam).discriminator_optimizer.weight_decay, 1);
  EXPECT_EQ(parse_recipe(to_toml(adam), "written"), adam);

  const std::string sgd =
      "name = 'sgd'\nmomentum = 0.9\nnesterov = true\nweight_decay = 0.1\nclip_norm = 2";
  const Recipe rmsprop = parse_recipe(gan_with(sgd, "name = 'rmsprop'\nmomentum = 0"), "r.toml");
  EXPECT_EQ(gan(rmsprop).generator_optimizer,
            (optim::OptimizerSpec{.name = "rmsprop", .weight_decay = 0.1, .clip_norm = 2}));
  EXPECT_TRUE(gan(rmsprop).discriminator_optimizer.nesterov);
  EXPECT_EQ(parse_recipe(to_toml(rmsprop), "written"), rmsprop);
}

TEST(Recipe, AnOptimizerOfAGanTakesOverADecayOnlyIfItDecays) {
  const std::string cosine = "decay = 'cosine'\ndecay_epochs = 9\ndecay_factor = 0.5";
  const Recipe none = parse_recipe(gan_with(cosine, "decay = 'none'"), "r.toml");
  EXPECT_EQ(gan(none).generator_optimizer, optim::OptimizerSpec{});
  EXPECT_EQ(parse_recipe(to_toml(none), "written"), none);
  const Recipe step = parse_recipe(gan_with(cosine, "decay = 'step'"), "r.toml");
  EXPECT_EQ(gan(step).generator_optimizer.decay_epochs, 9u);
  EXPECT_EQ(gan(step).generator_optimizer.decay_factor, 0.5);
}

TEST(Recipe, ShowsAllKeysOfAGansOptimizers) {
  const Recipe recipe = parse_recipe(
      gan_with("name = 'adamw'\nweight_decay = 1\nbeta2 = 0.9", "name = 'rmsprop'"), "r.toml");
  EXPECT_EQ(table_of(recipe, "generator_optimizer"), R"(name = "rmsprop"
learning_rate = 0.001
smoothing = 0.99
epsilon = 1e-08
momentum = 0
weight_decay = 1
clip_norm = 0
warm_up_epochs = 0
decay = "none"
)");
}

const std::string kBetas = kRecipe + R"([optimizer]
beta1 = 0.5
beta2 = 0.9
decay = "step"
decay_epochs = 4
decay_factor = 0.5
)";

TEST(Recipe, KeysThatAnotherChoiceLacksAreDropped) {
  const Recipe rmsprop = parse_recipe(kBetas, "r.toml", Texts{"optimizer.name=rmsprop"});
  EXPECT_EQ(vae(rmsprop).optimizer,
            (optim::OptimizerSpec{
                .name = "rmsprop", .decay = "step", .decay_epochs = 4, .decay_factor = 0.5}));
  EXPECT_EQ(parse_recipe(to_toml(rmsprop), "written"), rmsprop);
  const Recipe constant = parse_recipe(kBetas, "r.toml", Texts{"optimizer.decay=none"});
  EXPECT_EQ(vae(constant).optimizer, (optim::OptimizerSpec{.beta1 = 0.5, .beta2 = 0.9}));

  const Recipe hinge = parse_recipe(kGan, "r.toml", Texts{"loss.kind=hinge"});
  EXPECT_EQ(gan(hinge).loss, models::GanSpec::Loss{.kind = "hinge"});
  const std::string folder =
      replaced("\"mnist\"", "\"folder\"\npath = \"p\"\nsize = 28\nchannels = 1\nstrict = true");
  const Recipe mnist = parse_recipe(folder, "r.toml", Texts{"data.name=mnist"});
  EXPECT_EQ(mnist.data, Recipe::Data{.name = "mnist"});
  EXPECT_EQ(parse_recipe(to_toml(mnist), "written"), mnist);
}

TEST(Recipe, KeysOfAnotherModelAreDropped) {
  const Recipe recipe = parse_recipe(
      kBetas, "r.toml",
      Texts{"model=classifier", "classifier.layers=[{type='linear',out=8}]", "optimizer.name=sgd"});
  models::ClassifierSpec expected{.layers = {nn::Linear{.out = 8}}};
  expected.optimizer = {.name = "sgd", .decay = "step", .decay_epochs = 4, .decay_factor = 0.5};
  EXPECT_EQ(recipe.spec, models::Spec(expected));
  EXPECT_EQ(parse_recipe(to_toml(recipe), "written"), recipe);
}

TEST(Recipe, KeysOfAGansOptimizersAreDroppedWithTheMethodThatTheyTakeOver) {
  const std::string text = gan_with("name = 'adam'\nbeta1 = 0.5", "beta2 = 0.9\nepsilon = 1e-3");
  const Recipe recipe = parse_recipe(text, "r.toml", Texts{"optimizer.name=rmsprop"});
  EXPECT_EQ(gan(recipe).generator_optimizer,
            (optim::OptimizerSpec{.name = "rmsprop", .epsilon = 1e-3}));
  const Recipe kept = parse_recipe(
      text, "r.toml", Texts{"optimizer.name=rmsprop", "generator_optimizer.name=adam"});
  EXPECT_EQ(gan(kept).generator_optimizer,
            (optim::OptimizerSpec{.name = "adam", .beta2 = 0.9, .epsilon = 1e-3}));
}

// The order of the options does not matter.
TEST(Recipe, KeysThatTheUserSetAreNotDropped) {
  const std::string name = "optimizer.name=rmsprop", beta = "optimizer.beta1=0.9";
  for (const Texts& texts : {Texts{name, beta}, Texts{beta, name}}) {
    EXPECT_TRUE(error_of([&] {
                  parse_recipe(kBetas, "r.toml", texts);
                }).starts_with("--set optimizer.beta1=0.9: unknown key 'optimizer.beta1'; "));
  }
  const std::string kind = "loss.kind=hinge", clip = "loss.clip=0.1";
  for (const Texts& texts : {Texts{kind, clip}, Texts{clip, kind}}) {
    EXPECT_TRUE(error_of([&] {
                  parse_recipe(kGan, "r.toml", texts);
                }).starts_with("--set loss.clip=0.1: unknown key 'loss.clip'; "));
  }
  EXPECT_TRUE(error_of([&] {
                parse_recipe(kBetas + "smothing = 0.9\n", "r.toml", Texts{name});
              }).starts_with("r.toml:19:12: unknown key 'optimizer.smothing'; "));
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

struct BadRecipe {
  std::string name;
  std::string text;
  std::string message;
};

class BadRecipeFile : public testing::TestWithParam<BadRecipe> {};

TEST_P(BadRecipeFile, IsRefused) {
  EXPECT_EQ(error_of([&] { parse_recipe(GetParam().text, "r.toml"); }), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Recipe, BadRecipeFile,
    testing::Values(
        BadRecipe{"WrongType", replaced("epochs = 3", "epochs = \"3\""),
                  "r.toml:6:10: key 'train.epochs': expected a whole number >= 1, got \"3\""},
        BadRecipe{"Fraction", replaced("epochs = 3", "epochs = 3.5"),
                  "r.toml:6:10: key 'train.epochs': expected a whole number >= 1, got 3.5"},
        BadRecipe{"Zero", replaced("epochs = 3", "epochs = 0"),
                  "r.toml:6:10: key 'train.epochs': expected a whole number >= 1, got 0"},
        BadRecipe{"Negative", replaced("epochs = 3", "batch = -1"),
                  "r.toml:6:9: key 'train.batch': expected a whole number >= 1, got -1"},
        BadRecipe{"TooLarge", replaced("epochs = 3", "epochs = 4294967296"),
                  "r.toml:6:10: key 'train.epochs': expected a whole number <= 4294967295, got "
                  "4294967296"},
        BadRecipe{"NoNumber", kRecipe + "[optimizer]\nlearning_rate = true\n",
                  "r.toml:14:17: key 'optimizer.learning_rate': expected a number > 0, got true"},
        BadRecipe{"ZeroRate", kRecipe + "[optimizer]\nlearning_rate = 0\n",
                  "r.toml:14:17: key 'optimizer.learning_rate': expected a number > 0, got 0"},
        BadRecipe{"InfiniteRate", kRecipe + "[optimizer]\nlearning_rate = inf\n",
                  "r.toml:14:17: key 'optimizer.learning_rate': expected a number > 0, got inf"},
        BadRecipe{"Beta", kRecipe + "[optimizer]\nbeta1 = 1.0\n",
                  "r.toml:14:9: key 'optimizer.beta1': expected a number >= 0 and < 1, got 1.0"},
        BadRecipe{"NoSuchData", replaced("\"mnist\"", "\"minst\""),
                  fmt::format("r.toml:4:8: key 'data.name': expected \"{}\", got \"minst\"",
                              fmt::join(data::dataset_names(), "\" or \""))},
        BadRecipe{"KeyOfFolders", replaced("\"mnist\"", "\"mnist\"\nsize = 64"),
                  "r.toml:5:8: unknown key 'data.size'; did you mean 'latent.size'?"},
        BadRecipe{"NoFlag", replaced("\"mnist\"", "\"folder\"\nstrict = 1"),
                  "r.toml:5:10: key 'data.strict': expected true or false, got 1"},
        BadRecipe{
            "NoColor", replaced("\"mnist\"", "\"folder\"\nbackground = \"red\""),
            "r.toml:5:14: key 'data.background': expected \"black\", \"white\" or a colour like "
            "\"#80c0ff\", got \"red\""},
        BadRecipe{"NoText", replaced("\"mnist\"", "\"folder\"\npath = 1"),
                  "r.toml:5:8: key 'data.path': expected a text, got 1"},
        BadRecipe{
            "NoSuchLoss", kRecipe + "[loss]\nreconstruction = \"l2\"\n",
            "r.toml:14:18: key 'loss.reconstruction': expected \"bce\" or \"mse\", got \"l2\""},
        BadRecipe{
            "Name", replaced("\"test\"", "\"../test\""),
            "r.toml:1:8: key 'name': expected a name of letters, digits, '-', '_' and '.', got "
            "\"../test\""},
        BadRecipe{"TableNoTable", replaced("[data]\nname = \"mnist\"", "data = \"mnist\""),
                  "r.toml:3:8: key 'data': expected a table, got \"mnist\""},
        BadRecipe{"ValueIsTable", replaced("[data]", "[seed]\n[data]"),
                  "r.toml:3:1: key 'seed': expected a whole number >= 0, got a table"},
        BadRecipe{"Missing", replaced("size = 2", ""),
                  "r.toml: key 'latent.size' is missing: expected a whole number >= 1"},
        BadRecipe{"Mistyped", replaced("epochs = 3", "epoch = 3"),
                  "r.toml:6:9: unknown key 'train.epoch'; did you mean 'train.epochs'?"},
        BadRecipe{"WrongTable", "epochs = 3\n" + kRecipe,
                  "r.toml:1:10: unknown key 'epochs'; did you mean 'train.epochs'?"},
        BadRecipe{"Unknown", replaced("epochs = 3", "epochs = 3\ncolour = 1"),
                  "r.toml:7:10: unknown key 'train.colour'; known keys: train.batch, "
                  "train.checkpoint_minutes, train.checkpoint_steps, train.epochs, "
                  "train.keep_checkpoints, train.minutes, train.precision, train.shards, "
                  "train.sync_batch_norm, train.sync_every"},
        BadRecipe{"UnknownTable", kRecipe + "[critic]\nsteps = 5\n",
                  "r.toml:13:1: unknown key 'critic'; known keys: "
                  "conditional, initialization, model, name, seed; tables: data, decoder, "
                  "encoder, evaluate, latent, loss, optimizer, train"},
        BadRecipe{
            "NoLayers", replaced("[ { type = \"linear\", out = 8 } ]", "[]"),
            "r.toml:12:10: key 'decoder.layers': expected an array of at least one layer like "
            "{ type = \"linear\", out = 512 }, got an array"},
        BadRecipe{
            "LayerNoTable", replaced("[ { type = \"linear\", out = 8 } ]", "[512]"),
            "r.toml:12:11: key 'decoder.layers[0]': expected a layer like { type = \"linear\", "
            "out = 512 }, got 512"},
        BadRecipe{"LayerType", replaced("\"linear\", out = 8 }", "\"liner\", out = 8 }"),
                  fmt::format(
                      "r.toml:12:21: key 'decoder.layers[0].type': expected \"{}\", got \"liner\"",
                      fmt::join(nn::layer_type_names(), "\" or \""))},
        BadRecipe{"LayerOut", replaced("out = 8 }", "out = 0 }"),
                  "r.toml:12:37: key 'decoder.layers[0].out': expected a whole number >= 1, got 0"},
        BadRecipe{
            "LayerMissing", replaced(", out = 8 }", "}"),
            "r.toml:12:12: key 'decoder.layers[0].out' is missing: expected a whole number >= "
            "1"},
        BadRecipe{
            "Activation", replaced("\"relu\"", "\"rleu\""),
            fmt::format("r.toml:8:53: key 'encoder.layers[0].activation': expected \"{}\", got "
                        "\"rleu\"",
                        fmt::join(nn::activation_names(), "\" or \""))},
        BadRecipe{"LayerUnknown", replaced("out = 8 }", "out = 8, activaton = \"relu\" }"),
                  "r.toml:12:52: unknown key 'decoder.layers[0].activaton'; did you mean "
                  "'decoder.layers[0].activation'?"}),
    [](const auto& info) { return info.param.name; });

TEST(Recipe, SaysWhereTheTomlIsWrong) {
  std::string text = replaced("epochs = 3", "epochs = = 3");
  std::string error = error_of([&] { parse_recipe(text, "r.toml"); });
  EXPECT_TRUE(error.starts_with("r.toml:6:10: ")) << error;
}

struct BadOverride {
  std::string name;
  std::string text;
  std::string message;
};

class BadRecipeOverride : public testing::TestWithParam<BadOverride> {};

TEST_P(BadRecipeOverride, IsRefused) {
  std::vector<std::string> overrides{GetParam().text};
  EXPECT_EQ(error_of([&] { parse_recipe(kRecipe, "r.toml", overrides); }),
            "--set " + GetParam().text + ": " + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Recipe, BadRecipeOverride,
    testing::Values(
        BadOverride{"WrongType", "train.epochs=abc",
                    "key 'train.epochs': expected a whole number >= 1, got \"abc\""},
        BadOverride{"Empty",
                    "train.epochs=", "key 'train.epochs': expected a whole number >= 1, got \"\""},
        BadOverride{"Unknown", "train.epoch=3",
                    "unknown key 'train.epoch'; did you mean 'train.epochs'?"},
        BadOverride{"UnknownTable", "trian.epochs=3", "unknown key 'trian'; did you mean 'train'?"},
        BadOverride{"NoTable", "model.size=3", "unknown key 'model.size'"},
        BadOverride{"NoValue", "train.epochs", "expected key=value"},
        BadOverride{"NoKey", "=3", "expected key=value"},
        BadOverride{"Layer", "encoder.layers=[{type=\"linear\",out=-1}]",
                    "key 'encoder.layers[0].out': expected a whole number >= 1, got -1"}),
    [](const auto& info) { return info.param.name; });

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
