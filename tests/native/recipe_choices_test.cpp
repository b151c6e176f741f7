#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/models/classifier/classifier_spec.h"
#include "engine/nn/layers/linear.h"
#include "native/recipes/recipe.h"
#include "tests/native/recipe_texts.h"
#include "tests/support/errors.h"
#include "tests/support/specs.h"

namespace pumice {
namespace {

using test::error_of;
using test::gan;
using test::kGanRecipe;
using test::kRecipe;
using test::replaced;
using test::vae;
using Texts = std::vector<std::string>;

std::string gan_with(const std::string& optimizer, const std::string& generator) {
  std::string text = kGanRecipe;
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

  const Recipe hinge = parse_recipe(kGanRecipe, "r.toml", Texts{"loss.kind=hinge"});
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
                  parse_recipe(kGanRecipe, "r.toml", texts);
                }).starts_with("--set loss.clip=0.1: unknown key 'loss.clip'; "));
  }
  EXPECT_TRUE(error_of([&] {
                parse_recipe(kBetas + "smothing = 0.9\n", "r.toml", Texts{name});
              }).starts_with("r.toml:19:12: unknown key 'optimizer.smothing'; "));
}

}  // namespace
}  // namespace pumice
