#pragma once

#include <toml++/toml.h>
#include <set>
#include <string>
#include <vector>

namespace pumice {

/// The keys that a recipe with this table's choices (model, data set, optimizer, ...) may have.
/// Values are not checked.
std::set<std::string> known_keys(const toml::table& recipe);

/// A choice that a recipe makes: optimizer.name = "sgd".
struct MadeChoice {
  std::string key;
  std::string value;
};

/// The choices that exclude the key from this recipe: with another value of one of them it exists.
std::vector<MadeChoice> choices_without(const toml::table& recipe, const std::string& key);

}  // namespace pumice
