#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "engine/data/dataset.h"
#include "engine/nn/layers/layers.h"
#include "native/recipes/recipe.h"
#include "tests/native/recipe_texts.h"
#include "tests/support/errors.h"

namespace pumice {
namespace {

using test::error_of;
using test::kRecipe;
using test::replaced;

/// A recipe's, or of --set.
struct BadText {
  std::string name;
  std::string text;
  std::string message;
};

class BadRecipeFile : public testing::TestWithParam<BadText> {};

TEST_P(BadRecipeFile, IsRefused) {
  EXPECT_EQ(error_of([&] { parse_recipe(GetParam().text, "r.toml"); }), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Recipe, BadRecipeFile,
    testing::Values(
        BadText{"WrongType", replaced("epochs = 3", "epochs = \"3\""),
                "r.toml:6:10: key 'train.epochs': expected a whole number >= 1, got \"3\""},
        BadText{"Fraction", replaced("epochs = 3", "epochs = 3.5"),
                "r.toml:6:10: key 'train.epochs': expected a whole number >= 1, got 3.5"},
        BadText{"Zero", replaced("epochs = 3", "epochs = 0"),
                "r.toml:6:10: key 'train.epochs': expected a whole number >= 1, got 0"},
        BadText{"Negative", replaced("epochs = 3", "batch = -1"),
                "r.toml:6:9: key 'train.batch': expected a whole number >= 1, got -1"},
        BadText{"TooLarge", replaced("epochs = 3", "epochs = 4294967296"),
                "r.toml:6:10: key 'train.epochs': expected a whole number <= 4294967295, got "
                "4294967296"},
        BadText{"NoNumber", kRecipe + "[optimizer]\nlearning_rate = true\n",
                "r.toml:14:17: key 'optimizer.learning_rate': expected a number > 0, got true"},
        BadText{"ZeroRate", kRecipe + "[optimizer]\nlearning_rate = 0\n",
                "r.toml:14:17: key 'optimizer.learning_rate': expected a number > 0, got 0"},
        BadText{"InfiniteRate", kRecipe + "[optimizer]\nlearning_rate = inf\n",
                "r.toml:14:17: key 'optimizer.learning_rate': expected a number > 0, got inf"},
        BadText{"Beta", kRecipe + "[optimizer]\nbeta1 = 1.0\n",
                "r.toml:14:9: key 'optimizer.beta1': expected a number >= 0 and < 1, got 1.0"},
        BadText{"NoSuchData", replaced("\"mnist\"", "\"minst\""),
                fmt::format("r.toml:4:8: key 'data.name': expected \"{}\", got \"minst\"",
                            fmt::join(data::dataset_names(), "\" or \""))},
        BadText{"KeyOfFolders", replaced("\"mnist\"", "\"mnist\"\nsize = 64"),
                "r.toml:5:8: unknown key 'data.size'; did you mean 'latent.size'?"},
        BadText{"NoFlag", replaced("\"mnist\"", "\"folder\"\nstrict = 1"),
                "r.toml:5:10: key 'data.strict': expected true or false, got 1"},
        BadText{
            "NoColor", replaced("\"mnist\"", "\"folder\"\nbackground = \"red\""),
            "r.toml:5:14: key 'data.background': expected \"black\", \"white\" or a colour like "
            "\"#80c0ff\", got \"red\""},
        BadText{"NoText", replaced("\"mnist\"", "\"folder\"\npath = 1"),
                "r.toml:5:8: key 'data.path': expected a text, got 1"},
        BadText{"NoSuchLoss", kRecipe + "[loss]\nreconstruction = \"l2\"\n",
                "r.toml:14:18: key 'loss.reconstruction': expected \"bce\" or \"mse\", got \"l2\""},
        BadText{"Name", replaced("\"test\"", "\"../test\""),
                "r.toml:1:8: key 'name': expected a name of letters, digits, '-', '_' and '.', got "
                "\"../test\""},
        BadText{"TableNoTable", replaced("[data]\nname = \"mnist\"", "data = \"mnist\""),
                "r.toml:3:8: key 'data': expected a table, got \"mnist\""},
        BadText{"ValueIsTable", replaced("[data]", "[seed]\n[data]"),
                "r.toml:3:1: key 'seed': expected a whole number >= 0, got a table"},
        BadText{"Missing", replaced("size = 2", ""),
                "r.toml: key 'latent.size' is missing: expected a whole number >= 1"},
        BadText{"Mistyped", replaced("epochs = 3", "epoch = 3"),
                "r.toml:6:9: unknown key 'train.epoch'; did you mean 'train.epochs'?"},
        BadText{"WrongTable", "epochs = 3\n" + kRecipe,
                "r.toml:1:10: unknown key 'epochs'; did you mean 'train.epochs'?"},
        BadText{"Unknown", replaced("epochs = 3", "epochs = 3\ncolour = 1"),
                "r.toml:7:10: unknown key 'train.colour'; known keys: train.batch, "
                "train.checkpoint_minutes, train.checkpoint_steps, train.epochs, "
                "train.keep_checkpoints, train.minutes, train.precision, train.shards, "
                "train.sync_batch_norm, train.sync_every"},
        BadText{"UnknownTable", kRecipe + "[critic]\nsteps = 5\n",
                "r.toml:13:1: unknown key 'critic'; known keys: "
                "conditional, initialization, model, name, seed; tables: data, decoder, "
                "encoder, evaluate, latent, loss, optimizer, train"},
        BadText{"NoLayers", replaced("[ { type = \"linear\", out = 8 } ]", "[]"),
                "r.toml:12:10: key 'decoder.layers': expected an array of at least one layer like "
                "{ type = \"linear\", out = 512 }, got an array"},
        BadText{"LayerNoTable", replaced("[ { type = \"linear\", out = 8 } ]", "[512]"),
                "r.toml:12:11: key 'decoder.layers[0]': expected a layer like { type = \"linear\", "
                "out = 512 }, got 512"},
        BadText{"LayerType", replaced("\"linear\", out = 8 }", "\"liner\", out = 8 }"),
                fmt::format(
                    "r.toml:12:21: key 'decoder.layers[0].type': expected \"{}\", got \"liner\"",
                    fmt::join(nn::layer_type_names(), "\" or \""))},
        BadText{"LayerOut", replaced("out = 8 }", "out = 0 }"),
                "r.toml:12:37: key 'decoder.layers[0].out': expected a whole number >= 1, got 0"},
        BadText{"LayerMissing", replaced(", out = 8 }", "}"),
                "r.toml:12:12: key 'decoder.layers[0].out' is missing: expected a whole number >= "
                "1"},
        BadText{"Activation", replaced("\"relu\"", "\"rleu\""),
                fmt::format("r.toml:8:53: key 'encoder.layers[0].activation': expected \"{}\", got "
                            "\"rleu\"",
                            fmt::join(nn::activation_names(), "\" or \""))},
        BadText{"LayerUnknown", replaced("out = 8 }", "out = 8, activaton = \"relu\" }"),
                "r.toml:12:52: unknown key 'decoder.layers[0].activaton'; did you mean "
                "'decoder.layers[0].activation'?"}),
    [](const auto& info) { return info.param.name; });

TEST(Recipe, SaysWhereTheTomlIsWrong) {
  std::string text = replaced("epochs = 3", "epochs = = 3");
  std::string error = error_of([&] { parse_recipe(text, "r.toml"); });
  EXPECT_TRUE(error.starts_with("r.toml:6:10: ")) << error;
}

class BadRecipeOverride : public testing::TestWithParam<BadText> {};

TEST_P(BadRecipeOverride, IsRefused) {
  std::vector<std::string> overrides{GetParam().text};
  EXPECT_EQ(error_of([&] { parse_recipe(kRecipe, "r.toml", overrides); }),
            "--set " + GetParam().text + ": " + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Recipe, BadRecipeOverride,
    testing::Values(BadText{"WrongType", "train.epochs=abc",
                            "key 'train.epochs': expected a whole number >= 1, got \"abc\""},
                    BadText{"Empty", "train.epochs=",
                            "key 'train.epochs': expected a whole number >= 1, got \"\""},
                    BadText{"Unknown", "train.epoch=3",
                            "unknown key 'train.epoch'; did you mean 'train.epochs'?"},
                    BadText{"UnknownTable", "trian.epochs=3",
                            "unknown key 'trian'; did you mean 'train'?"},
                    BadText{"NoTable", "model.size=3", "unknown key 'model.size'"},
                    BadText{"NoValue", "train.epochs", "expected key=value"},
                    BadText{"NoKey", "=3", "expected key=value"},
                    BadText{"Layer", "encoder.layers=[{type=\"linear\",out=-1}]",
                            "key 'encoder.layers[0].out': expected a whole number >= 1, got -1"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace pumice
