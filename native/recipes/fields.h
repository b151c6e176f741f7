#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "native/recipes/recipe.h"

namespace pumice {

/// What a number may be.
struct Bounds {
  std::string_view expected;
  bool (*hold)(double);
};

inline constexpr Bounds kPositive{"a number > 0", [](double x) { return x > 0; }};
inline constexpr Bounds kNotNegative{"a number >= 0", [](double x) { return x >= 0; }};
inline constexpr Bounds kBelowOne{"a number from 0 to below 1",
                                  [](double x) { return x >= 0 && x < 1; }};

/// Visits the keys of a recipe: one implementation reads them from TOML, others write them. Thus
/// describe() below is the only list of keys, and a new key is one line there.
class Fields {
 public:
  using Choices = std::initializer_list<std::string_view>;

  virtual ~Fields() = default;
  virtual void identifier(const std::string& key, std::string& value) = 0;
  virtual void choice(const std::string& key, std::string& value, Choices choices) = 0;
  virtual void whole(const std::string& key, uint32_t& value, uint32_t at_least) = 0;
  virtual void whole(const std::string& key, uint64_t& value, uint64_t at_least) = 0;
  virtual void number(const std::string& key, double& value, const Bounds& bounds) = 0;
  virtual void layers(const std::string& key, std::vector<Layer>& value) = 0;
};

/// Visits every key of a recipe, those outside tables first. Dots separate table and key.
void describe(Fields& fields, Recipe& recipe);

/// Visits every key of one layer.
void describe(Fields& fields, Layer& layer);

}  // namespace pumice
