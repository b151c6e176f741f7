#pragma once

#include <string>

namespace pumice::test {

inline const std::string kRecipe = R"(name = "test"
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

inline const std::string kGanRecipe = R"(name = "test"
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

/// kRecipe with something else in the place of `from`.
inline std::string replaced(const std::string& from, const std::string& to) {
  std::string text = kRecipe;
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace pumice::test
