#pragma once

#include <span>
#include <string_view>

namespace pumice {

/// A file of native/recipes, as it was when the program was built.
struct BuiltInRecipe {
  std::string_view name;  ///< the file's name without .toml
  std::string_view text;
};

/// All of them, sorted by name. The build writes the function from the files.
std::span<const BuiltInRecipe> built_in_recipes();

}  // namespace pumice
