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

/// The recipe's choices for want of which it has no such key: another value of one of them has.
std::vector<MadeChoice> choices_without(const toml::table& recipe, const std::string& key);

}  // namespace pumice
