#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "native/recipes/recipe.h"

namespace pumice {

using nn::Bounds;
using nn::kBelowOne;
using nn::kNotNegative;
using nn::kPositive;
using nn::kShare;

/// Visits the keys of a recipe: one implementation reads them from TOML, others write them. Thus
/// describe() below is the only list of keys, and a new key is one line there.
class Fields : public nn::LayerFields {
 public:
  /// Whether values come in, so that what others default to has to be settled first.
  virtual bool reads() const { return false; }
  virtual void identifier(const std::string& key, std::string& value) = 0;
  virtual void text(const std::string& key, std::string& value) = 0;
  virtual void color(const std::string& key, std::string& value) = 0;
  using nn::LayerFields::whole;
  virtual void whole(const std::string& key, uint64_t& value, uint64_t at_least) = 0;
};

/// Visits every key of a recipe, those outside tables first. Dots separate table and key.
void describe(Fields& fields, Recipe& recipe);

}  // namespace pumice
