#include "native/recipes/recipe.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/base/require.h"
#include "native/recipes/built_in_recipes.h"
#include "native/recipes/closest.h"
#include "native/recipes/reader.h"

namespace pumice {
namespace {

toml::table parse_toml(std::string_view text, const std::string& file_name) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    toml::source_position position = error.source().begin;
    fail("{}:{}:{}: {}", file_name, position.line, position.column, error.description());
  }
}

// People write --set loss.reconstruction=mse without TOML's quotes.
toml::table parse_value(const std::string& key, const std::string& text) {
  try {
    toml::table table = toml::parse("value = " + text);
    if (table.size() == 1) return toml::table{{key, std::move(*table.get("value"))}};
  } catch (const toml::parse_error&) {
  }
  return toml::table{{key, text}};
}

void apply_override(toml::table& root, KeyOrigin& origin, const std::string& text) {
  size_t equals = text.find('=');
  require(equals != text.npos && equals > 0, "--set {}: expected key=value", text);
  std::string key = text.substr(0, equals);
  size_t dot = key.find('.');
  toml::table* table = &root;
  if (dot != key.npos) {
    auto [entry, added] = root.emplace<toml::table>(key.substr(0, dot));
    table = entry->second.as_table();
    require(table != nullptr, "--set {}: unknown key '{}'", text, key);
  }
  std::string name = dot == key.npos ? key : key.substr(dot + 1);
  toml::table value = parse_value(name, text.substr(equals + 1));
  table->insert_or_assign(name, std::move(*value.get(name)));
  origin.add_override(key, text);
}

std::string read_text(const std::string& file) {
  std::error_code ignored;
  require(!std::filesystem::is_directory(file, ignored), "{}: expected a recipe, found a folder",
          file);
  std::ifstream stream(file, std::ios::binary);
  require(stream.good(), "{}: cannot open: {}", file, std::strerror(errno));
  return {std::istreambuf_iterator<char>(stream), {}};
}

const BuiltInRecipe& find_built_in(const std::string& name) {
  std::vector<std::string> names;
  for (const BuiltInRecipe& recipe : built_in_recipes()) {
    if (recipe.name == name) return recipe;
    names.emplace_back(recipe.name);
  }
  auto close = closest(name, names);
  fail("no recipe '{}'{}; there are: {} (a file's name ends in .toml)", name,
       close ? fmt::format(" (did you mean '{}'?)", *close) : "", fmt::join(names, ", "));
}

}  // namespace

Recipe parse_recipe(std::string_view text, const std::string& file_name,
                    std::span<const std::string> overrides) {
  toml::table root = parse_toml(text, file_name);
  KeyOrigin origin(file_name);
  for (const std::string& override_text : overrides) apply_override(root, origin, override_text);
  Recipe recipe;
  RecipeReader reader(root, origin);
  describe(reader, recipe);
  reader.finish();
  return recipe;
}

Recipe load_recipe(const std::string& name_or_file, std::span<const std::string> overrides) {
  bool is_file = name_or_file.ends_with(".toml") || name_or_file.find('/') != std::string::npos;
  if (is_file) return parse_recipe(read_text(name_or_file), name_or_file, overrides);
  const BuiltInRecipe& recipe = find_built_in(name_or_file);
  return parse_recipe(recipe.text, name_or_file + ".toml", overrides);
}

}  // namespace pumice
