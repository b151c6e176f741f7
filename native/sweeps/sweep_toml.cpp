#include "native/sweeps/sweep_toml.h"

#include <algorithm>
#include <sstream>

namespace pumice {
namespace {

void collect_entries(const toml::table& table, const std::string& path,
                     std::vector<TomlEntry>& all) {
  for (const auto& [name, node] : table) {
    const std::string key = path + std::string(name.str());
    if (const toml::table* inner = node.as_table()) {
      collect_entries(*inner, key + ".", all);
    } else {
      all.push_back({key, &node});
    }
  }
}

}  // namespace

// TOML tables do not keep the order of the file.
std::vector<TomlEntry> entries_of(const toml::table& table) {
  std::vector<TomlEntry> all;
  collect_entries(table, "", all);
  auto place = [](const TomlEntry& entry) {
    const toml::source_position position = entry.node->source().begin;
    return std::pair(position.line, position.column);
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const TomlEntry& a, const TomlEntry& b) { return place(a) < place(b); });
  return all;
}

std::string toml_text(const toml::node& node) {
  // fmt writes the shortest text that parses to the same number.
  if (auto number = node.value_exact<double>()) return fmt::to_string(*number);
  std::ostringstream stream;
  stream << toml::toml_formatter(
      node, toml::toml_formatter::default_flags & ~toml::format_flags::allow_multi_line_strings);
  std::string text;
  for (char c : stream.str()) {
    const bool begins_line = c == ' ' && text.ends_with(' ');
    if (!begins_line) text += c == '\n' ? ' ' : c;
  }
  return text;
}

std::string override_text(const TomlEntry& entry) {
  return entry.key + "=" + toml_text(*entry.node);
}

std::vector<std::string> override_texts(const toml::table& table) {
  std::vector<std::string> texts;
  for (const TomlEntry& entry : entries_of(table)) texts.push_back(override_text(entry));
  return texts;
}

const toml::table* TomlFile::table_at(const std::string& key) const {
  const toml::node* node = root_.get(key);
  if (node != nullptr && !node->is_table()) fail_at(*node, "key '{}': expected a table", key);
  return node == nullptr ? nullptr : node->as_table();
}

std::vector<const toml::table*> TomlFile::blocks_at(const std::string& key) const {
  const toml::node* node = root_.get(key);
  if (node == nullptr) return {};
  if (node->is_table()) return {node->as_table()};
  std::vector<const toml::table*> blocks;
  if (const toml::array* array = node->as_array()) {
    for (const toml::node& element : *array) blocks.push_back(element.as_table());
  }
  if (blocks.empty() || std::find(blocks.begin(), blocks.end(), nullptr) != blocks.end()) {
    fail_at(*node, "key '{}': expected tables of keys with their values", key);
  }
  return blocks;
}

std::vector<std::string> TomlFile::texts_at(const std::string& key) const {
  const toml::node* node = root_.get(key);
  if (node == nullptr) return {};
  const toml::array* array = node->as_array();
  if (array == nullptr) fail_at(*node, "key '{}': expected an array of texts", key);
  std::vector<std::string> texts;
  for (const toml::node& element : *array) {
    const auto text = element.value_exact<std::string>();
    if (!text) fail_at(element, "key '{}': expected an array of texts", key);
    texts.push_back(*text);
  }
  return texts;
}

}  // namespace pumice
