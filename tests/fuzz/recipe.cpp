// Recipes: TOML, and "--set key=value", one a line after a first byte 's'.
#include "native/recipes/recipe.h"
#include "native/training/model_recipe.h"
#include "tests/fuzz/fuzz.h"

using namespace pumice;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    lines.emplace_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(lines.back().size() + 1, text.size()));
  }
  return lines;
}

void use(const Recipe& recipe) {
  const std::string text = to_toml(recipe);
  fuzz::expect(to_toml(parse_recipe(text, "again.toml")) == text);
  describe_model(recipe, image_kind(recipe.data)).build();
}

}  // namespace

FUZZ_TARGET(recipe) {
  constexpr std::string_view kBases[] = {"vae-conv-cifar10", "dcgan-folder", "flow-mlp-mnist",
                                         "vae-lstm-mnist",   "sngan-mnist",  "classifier-mnist"};
  const std::string_view text = fuzz::text_of(data, size);
  fuzz::read_or_refuse([&] {
    if (text.starts_with('s') && size > 1) {
      const std::string base(kBases[data[1] % std::size(kBases)]);
      use(load_recipe(base, lines_of(text.substr(2))));
    } else {
      use(parse_recipe(text, "recipe.toml"));
    }
  });
}
