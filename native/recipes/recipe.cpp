#include "native/recipes/recipe.h"

#include "engine/base/require.h"
#include "native/recipes/known_keys.h"
#include "native/recipes/reader.h"
#include "native/recipes/source.h"

namespace pumice {
namespace {

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

void erase(toml::table& root, const std::string& key) {
  const size_t dot = key.find('.');
  if (dot == key.npos) {
    root.erase(key);
    return;
  }
  toml::table* table = root[key.substr(0, dot)].as_table();
  if (table == nullptr || table->erase(key.substr(dot + 1)) == 0) return;
  if (table->empty()) root.erase(key.substr(0, dot));
}

// Where an override chooses something else, say another optimizer, keys of the file that only the
// old choice had fall away. Those of other overrides stay, and are refused.
void drop_replaced_keys(toml::table& root, const std::set<std::string>& keys_of_file,
                        const KeyOrigin& origin) {
  const std::set<std::string> known = known_keys(root);
  for (const std::string& key : keys_of_file) {
    if (!known.contains(key) && !origin.is_overridden(key)) erase(root, key);
  }
}

}  // namespace

Recipe parse_recipe(std::string_view text, const std::string& file_name,
                    std::span<const std::string> overrides) {
  toml::table root = parse_toml(text, file_name);
  const std::set<std::string> keys_of_file = known_keys(root);
  KeyOrigin origin(file_name);
  for (const std::string& override_text : overrides) apply_override(root, origin, override_text);
  drop_replaced_keys(root, keys_of_file, origin);
  Recipe recipe;
  RecipeReader reader(root, origin);
  describe(reader, recipe);
  reader.finish();
  return recipe;
}

Recipe load_recipe(const std::string& name_or_file, std::span<const std::string> overrides) {
  const Source source = load_source("recipe", name_or_file, built_in_recipes());
  return parse_recipe(source.text, source.file_name, overrides);
}

}  // namespace pumice
