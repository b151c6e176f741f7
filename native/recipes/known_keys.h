#pragma once

#include <toml++/toml.h>
#include <set>
#include <string>

namespace pumice {

/// The keys that a recipe with this table's choices (model, data set, optimizer, ...) may have.
/// Values are not checked.
std::set<std::string> known_keys(const toml::table& recipe);

}  // namespace pumice
