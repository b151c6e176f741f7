#include "native/recipes/recipe.h"

#include <algorithm>

#include "engine/base/require.h"
#include "native/recipes/known_keys.h"
#include "native/recipes/reader.h"
#include "native/recipes/source.h"

namespace pumice {
namespace {

// Users write --set loss.reconstruction=mse without TOML's quotes.
toml::table parse_value(const std::string& key, const std::string& text) {
  try {
    toml::table table = toml::parse("value = " + text);
    if (table.size() == 1) return toml::table{{key, std::move(*table.get("value"))}};
  } catch (const toml::parse_error&) {
  }
  return toml::table{{key, text}};
}

/// Returns the key.
std::string apply(toml::table& root, const std::string& text) {
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
  return key;
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

// A preset may apply only to some of the choices that overrides make.
bool is_replaced(const toml::table& root, const std::string& preset, const KeyOrigin& origin) {
  const std::vector<MadeChoice> without = choices_without(root, preset);
  return std::any_of(without.begin(), without.end(),
                     [&](const MadeChoice& made) { return origin.is_overridden(made.key); });
}

// If an override changes a choice, such as the optimizer, keys of the file and of presets that only
// the old choice had are dropped. Keys of other overrides stay, and are refused.
void drop_replaced_keys(toml::table& root, const std::set<std::string>& keys_of_file,
                        const KeyOrigin& origin) {
  const std::set<std::string> known = known_keys(root);
  for (const std::string& key : keys_of_file) {
    if (!known.contains(key) && !origin.is_overridden(key)) erase(root, key);
  }
  for (const std::string& key : origin.presets()) {
    if (is_replaced(root, key, origin)) erase(root, key);
  }
}

}  // namespace

Recipe parse_recipe(std::string_view text, const std::string& file_name,
                    std::span<const std::string> overrides, std::span<const std::string> presets) {
  toml::table root = parse_toml(text, file_name);
  std::set<std::string> keys_of_file = known_keys(root);
  KeyOrigin origin(file_name);
  for (const std::string& preset : presets) origin.add_preset(apply(root, preset), preset);
  for (const std::string& preset : origin.presets()) keys_of_file.erase(preset);
  keys_of_file.merge(known_keys(root));
  for (const std::string& change : overrides) origin.add_override(apply(root, change), change);
  drop_replaced_keys(root, keys_of_file, origin);
  Recipe recipe;
  RecipeReader reader(root, origin);
  describe(reader, recipe);
  reader.finish();
  return recipe;
}

Recipe load_recipe(const std::string& name_or_file, std::span<const std::string> overrides,
                   std::span<const std::string> presets) {
  const Source source = load_source("recipe", name_or_file, built_in_recipes());
  return parse_recipe(source.text, source.file_name, overrides, presets);
}

}  // namespace pumice
