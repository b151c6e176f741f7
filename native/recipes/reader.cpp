#include "native/recipes/reader.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "engine/base/require.h"
#include "engine/data/color.h"
#include "engine/io/json_text.h"
#include "native/recipes/closest.h"

namespace pumice {
namespace {

bool begins_with_key(const std::string& key, const std::string& beginning) {
  if (!key.starts_with(beginning)) return false;
  return key.size() == beginning.size() || key[beginning.size()] == '.' ||
         key[beginning.size()] == '[';
}

std::string last_part(const std::string& key) { return key.substr(key.rfind('.') + 1); }

std::string table_part(const std::string& key) {
  size_t dot = key.rfind('.');
  return dot == key.npos ? "" : key.substr(0, dot);
}

// Scalars as written in TOML; other nodes by type.
std::string show(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "an array";
  if (auto text = node.value_exact<std::string>()) {
    return io::json_text(nlohmann::json(*text));
  }
  std::ostringstream text;
  node.visit([&](const auto& value) { text << value; });
  return text.str();
}

}  // namespace

void KeyOrigin::add_preset(const std::string& key, std::string text) {
  add_override(key, std::move(text));
  presets_.insert(key);
}

void KeyOrigin::add_override(const std::string& key, std::string text) {
  std::erase_if(overrides_, [&](const auto& entry) { return begins_with_key(entry.first, key); });
  std::erase_if(presets_, [&](const std::string& preset) { return begins_with_key(preset, key); });
  overrides_[key] = std::move(text);
}

bool KeyOrigin::is_overridden(const std::string& key) const {
  return std::any_of(overrides_.begin(), overrides_.end(), [&](const auto& entry) {
    return begins_with_key(key, entry.first) && !presets_.contains(entry.first);
  });
}

std::optional<std::string> KeyOrigin::overriding_text(const std::string& key) const {
  auto found = overrides_.find(key);
  if (found == overrides_.end()) return std::nullopt;
  return found->second.substr(key.size() + 1);
}

std::string KeyOrigin::where(const std::string& key, const toml::node& node) const {
  // In reverse, so that the longest matching key comes first.
  for (auto entry = overrides_.rbegin(); entry != overrides_.rend(); ++entry) {
    if (begins_with_key(key, entry->first)) return "--set " + entry->second;
  }
  toml::source_position position = node.source().begin;
  // A table that is not in a file was created for an override.
  for (const auto& [overridden, text] : overrides_) {
    if (position.line == 0 && begins_with_key(overridden, key)) return "--set " + text;
  }
  return fmt::format("{}:{}:{}", file_name_, position.line, position.column);
}

const toml::node* RecipeReader::find(const std::string& key) {
  known_.insert(key);
  const toml::table* table = &table_;
  std::string parent = table_part(key);
  if (!parent.empty()) {
    const toml::node* node = table_.get(parent);
    if (node == nullptr) return nullptr;
    table = node->as_table();
    if (table == nullptr) refuse(parent, node, "a table");
  }
  return table->get(last_part(key));
}

void RecipeReader::refuse(const std::string& key, const toml::node* node,
                          std::string_view expected) {
  std::string name = prefix_ + key;
  if (node != nullptr) {
    fail("{}: key '{}': expected {}, got {}", origin_.where(name, *node), name, expected,
         show(*node));
  }
  if (!missing_.empty()) return;
  std::string where = prefix_.empty() ? origin_.file_name() : origin_.where(name, table_);
  missing_ = fmt::format("{}: key '{}' is missing: expected {}", where, name, expected);
}

// If a text is expected, --set name=2024 means the text, even though it is a number in TOML.
std::optional<std::string> RecipeReader::text_of(const std::string& key,
                                                 const toml::node& node) const {
  if (auto text = node.value_exact<std::string>()) return text;
  return origin_.overriding_text(prefix_ + key);
}

void RecipeReader::identifier(const std::string& key, std::string& value) {
  const toml::node* node = find(key);
  if (node != nullptr) value = text_of(key, *node).value_or("");
  bool valid =
      !value.empty() && value[0] != '.' && std::all_of(value.begin(), value.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
      });
  if (!valid) refuse(key, node, "a name of letters, digits, '-', '_' and '.'");
}

void RecipeReader::text(const std::string& key, std::string& value) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  auto read = text_of(key, *node);
  if (!read) return refuse(key, node, "a text");
  value = *read;
}

void RecipeReader::color(const std::string& key, std::string& value) {
  const toml::node* node = find(key);
  if (node != nullptr) value = text_of(key, *node).value_or("");
  if (!data::color_by_name(value)) refuse(key, node, data::kColorForms);
}

void RecipeReader::choice(const std::string& key, std::string& value, Choices choices) {
  const toml::node* node = find(key);
  if (node != nullptr) value = text_of(key, *node).value_or("");
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  refuse(key, node, fmt::format("\"{}\"", fmt::join(choices, "\" or \"")));
}

uint64_t RecipeReader::checked_whole(const std::string& key, uint64_t value, uint64_t at_least,
                                     uint64_t at_most) {
  const toml::node* node = find(key);
  std::string expected = fmt::format("a whole number >= {}", at_least);
  if (node != nullptr) {
    auto read = node->value_exact<int64_t>();
    if (!read || *read < 0) refuse(key, node, expected);
    value = static_cast<uint64_t>(*read);
  }
  if (value < at_least) refuse(key, node, expected);
  if (value > at_most) refuse(key, node, fmt::format("a whole number <= {}", at_most));
  return value;
}

void RecipeReader::whole(const std::string& key, uint32_t& value, uint32_t at_least) {
  uint64_t at_most = std::numeric_limits<uint32_t>::max();
  value = static_cast<uint32_t>(checked_whole(key, value, at_least, at_most));
}

void RecipeReader::whole(const std::string& key, uint64_t& value, uint64_t at_least) {
  value = checked_whole(key, value, at_least, std::numeric_limits<int64_t>::max());
}

void RecipeReader::number(const std::string& key, double& value, const Bounds& bounds) {
  const toml::node* node = find(key);
  if (node != nullptr) {
    bool is_number = node->is_number();
    value = is_number ? node->value<double>().value_or(NAN) : NAN;
  }
  if (!std::isfinite(value) || !bounds.hold(value)) refuse(key, node, bounds.expected);
}

void RecipeReader::flag(const std::string& key, bool& value) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  auto read = node->value_exact<bool>();
  if (!read) return refuse(key, node, "true or false");
  value = *read;
}

void RecipeReader::wholes(const std::string& key, std::vector<uint32_t>& value) {
  const std::string expected = "an array of whole numbers >= 1";
  const toml::node* node = find(key);
  const toml::array* array = node == nullptr ? nullptr : node->as_array();
  if (array == nullptr || array->empty()) return refuse(key, node, expected);
  value.clear();
  for (const toml::node& element : *array) {
    auto read = element.value_exact<int64_t>();
    bool fits = read && *read >= 1 && *read <= std::numeric_limits<uint32_t>::max();
    if (!fits) return refuse(key, node, expected);
    value.push_back(static_cast<uint32_t>(*read));
  }
}

void RecipeReader::layers(const std::string& key, std::vector<Layer>& value) {
  const std::string layer = "layer like { type = \"linear\", out = 512 }";
  const toml::node* node = find(key);
  const toml::array* array = node == nullptr ? nullptr : node->as_array();
  if (array == nullptr || array->empty())
    return refuse(key, node, "an array of at least one " + layer);
  value.clear();
  for (size_t index = 0; index < array->size(); ++index) {
    std::string name = fmt::format("{}[{}]", key, index);
    const toml::table* table = array->get(index)->as_table();
    if (table == nullptr) return refuse(name, array->get(index), "a " + layer);
    RecipeReader reader(*table, origin_, prefix_ + name + ".");
    nn::describe(reader, value.emplace_back());
    reader.finish();
  }
}

void RecipeReader::finish() const {
  refuse_unknown_keys(table_, "");
  if (!missing_.empty()) throw Error(missing_);
}

void RecipeReader::refuse_unknown_keys(const toml::table& table, const std::string& path) const {
  for (const auto& [name, node] : table) {
    std::string key = path + std::string(name.str());
    if (known_.contains(key)) continue;
    bool is_table = std::any_of(known_.begin(), known_.end(),
                                [&](const std::string& known) { return table_part(known) == key; });
    if (is_table && node.is_table()) {
      refuse_unknown_keys(*node.as_table(), key + ".");
      continue;
    }
    fail("{}: unknown key '{}'; {}", origin_.where(prefix_ + key, node), prefix_ + key,
         advice_for(key));
  }
}

std::string RecipeReader::advice_for(const std::string& unknown) const {
  std::set<std::string> neighbours;
  for (const std::string& key : known_) {
    if (last_part(key) == last_part(unknown))
      return fmt::format("did you mean '{}{}'?", prefix_, key);
    if (table_part(key) == table_part(unknown)) neighbours.insert(key);
  }
  std::set<std::string> names = known_;
  for (const std::string& key : known_) names.insert(table_part(key));
  names.erase("");
  std::vector<std::string> all(names.begin(), names.end());
  if (auto close = closest(unknown, all))
    return fmt::format("did you mean '{}{}'?", prefix_, *close);
  std::string advice =
      fmt::format("known keys: {}", fmt::join(neighbours.empty() ? known_ : neighbours, ", "));
  if (!table_part(unknown).empty()) return advice;
  std::set<std::string> tables;
  for (const std::string& key : known_) tables.insert(table_part(key));
  tables.erase("");
  return tables.empty() ? advice : advice + fmt::format("; tables: {}", fmt::join(tables, ", "));
}

}  // namespace pumice
