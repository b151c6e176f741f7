#include "native/sweeps/sweep_file.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "engine/base/require.h"
#include "native/recipes/reader.h"
#include "native/recipes/source.h"

namespace pumice {
namespace {

constexpr size_t kMostRuns = 1000;

/// A dotted key and its value.
struct Entry {
  std::string key;
  const toml::node* node;
};

void collect_entries(const toml::table& table, const std::string& path, std::vector<Entry>& all) {
  for (const auto& [name, node] : table) {
    const std::string key = path + std::string(name.str());
    if (const toml::table* inner = node.as_table()) {
      collect_entries(*inner, key + ".", all);
    } else {
      all.push_back({key, &node});
    }
  }
}

// In the order of the file, which TOML tables do not keep.
std::vector<Entry> entries_of(const toml::table& table) {
  std::vector<Entry> all;
  collect_entries(table, "", all);
  auto place = [](const Entry& entry) {
    const toml::source_position position = entry.node->source().begin;
    return std::pair(position.line, position.column);
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const Entry& a, const Entry& b) { return place(a) < place(b); });
  return all;
}

// A value as one line of TOML.
std::string text_of(const toml::node& node) {
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

// Arrays, such as layers, are long: they are shown as their number in the list.
std::string shown_value(const toml::node& node, size_t index) {
  if (node.is_array()) return fmt::format("#{}", index + 1);
  if (auto text = node.value_exact<std::string>()) return *text;
  return text_of(node);
}

std::string override_text(const Entry& entry) { return entry.key + "=" + text_of(*entry.node); }

bool is_set(const std::string& key, const std::vector<Configuration>& configurations) {
  return std::any_of(
      configurations.begin(), configurations.end(), [&](const Configuration& configuration) {
        return std::any_of(configuration.begin(), configuration.end(),
                           [&](const Setting& setting) { return setting.key == key; });
      });
}

class Parser {
 public:
  Parser(const toml::table& root, const std::string& file_name)
      : root_(root), file_name_(file_name), origin_(file_name) {}

  SweepFile parse() {
    SweepFile file;
    read_head(file);
    if (const toml::table* set = table_at("set")) {
      for (const Entry& entry : entries_of(*set)) file.set.push_back(override_text(entry));
    }
    read_choices();
    for (const toml::table* block : blocks_at("grid")) add_grid(*block, file.configurations);
    for (const toml::table* block : blocks_at("list")) add_list(*block, file.configurations);
    refuse_unused_choices(file.configurations);
    if (file.configurations.empty()) file.configurations.emplace_back();
    return file;
  }

 private:
  /// The alternatives of one key, or of keys that vary together in a list.
  using Axis = std::vector<Setting>;

  template <typename... Values>
  [[noreturn]] void fail_at(const toml::node& node, fmt::format_string<Values...> format,
                            Values&&... values) const {
    const toml::source_position position = node.source().begin;
    fail("{}:{}:{}: {}", file_name_, position.line, position.column,
         fmt::format(format, std::forward<Values>(values)...));
  }

  void read_head(SweepFile& file) const {
    RecipeReader reader(root_, origin_);
    reader.identifier("name", file.name);
    reader.text("recipe", file.recipe);
    for (const char* other : {"seeds", "set", "choices", "grid", "list"}) reader.ignore(other);
    if (root_.contains("seeds")) reader.wholes("seeds", file.seeds);
    reader.finish();
    require(!file.recipe.empty(), "{}: key 'recipe' is missing: expected a recipe's name or file",
            file_name_);
  }

  const toml::table* table_at(const std::string& key) const {
    const toml::node* node = root_.get(key);
    if (node != nullptr && !node->is_table()) fail_at(*node, "key '{}': expected a table", key);
    return node == nullptr ? nullptr : node->as_table();
  }

  // Any number of [[grid]], or one [grid].
  std::vector<const toml::table*> blocks_at(const std::string& key) const {
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

  void read_choices() {
    const toml::table* choices = table_at("choices");
    if (choices == nullptr) return;
    for (const auto& [key, options] : *choices) {
      if (!options.is_table()) fail_at(options, "key 'choices.{}': expected a table", key.str());
      auto& known = choices_[std::string(key.str())];
      for (const auto& [option, keys] : *options.as_table()) {
        if (!keys.is_table()) {
          fail_at(keys, "key 'choices.{}.{}': expected a table of the recipe's keys", key.str(),
                  option.str());
        }
        auto& overrides = known[std::string(option.str())];
        for (const Entry& entry : entries_of(*keys.as_table())) {
          overrides.push_back(override_text(entry));
        }
      }
    }
  }

  void refuse_unused_choices(const std::vector<Configuration>& configurations) const {
    for (const auto& [key, options] : choices_) {
      if (is_set(key, configurations)) continue;
      const std::string first = options.empty() ? "" : "." + options.begin()->first;
      fail_at(*table_at("choices")->get(key),
              "no grid or list uses choices.{}{}: expected the key '{}' in one of them", key, first,
              key);
    }
  }

  Setting setting_of(const std::string& key, const toml::node& value, size_t index) const {
    if (value.is_table()) {
      fail_at(value,
              "key '{}': expected a list of values (of layers: a list of lists), got a table", key);
    }
    const std::string shown = shown_value(value, index);
    const auto choice = choices_.find(key);
    if (choice == choices_.end()) return {key, shown, {key + "=" + text_of(value)}};
    const auto option = choice->second.find(shown);
    if (option == choice->second.end()) {
      std::vector<std::string> names;
      for (const auto& [name, overrides] : choice->second) names.push_back(name);
      fail_at(value, "key '{}': there is no choice '{}', only {}", key, shown,
              fmt::join(names, ", "));
    }
    return {key, shown, option->second};
  }

  Axis axis_of(const Entry& entry) const {
    const toml::array* array = entry.node->as_array();
    if (array == nullptr) return {setting_of(entry.key, *entry.node, 0)};
    if (array->empty()) fail_at(*entry.node, "key '{}': expected at least one value", entry.key);
    Axis axis;
    for (size_t i = 0; i < array->size(); ++i) {
      axis.push_back(setting_of(entry.key, *array->get(i), i));
    }
    return axis;
  }

  std::vector<Axis> axes_of(const toml::table& block) const {
    std::vector<Axis> axes;
    for (const Entry& entry : entries_of(block)) axes.push_back(axis_of(entry));
    if (axes.empty()) fail_at(block, "expected keys with their values, got none");
    return axes;
  }

  void add_grid(const toml::table& block, std::vector<Configuration>& all) const {
    std::vector<Configuration> product(1);
    for (const Axis& axis : axes_of(block)) {
      std::vector<Configuration> longer;
      for (const Configuration& beginning : product) {
        for (const Setting& setting : axis) longer.emplace_back(beginning).push_back(setting);
      }
      if (longer.size() > kMostRuns) {
        fail_at(block, "expected at most {} runs, got at least {}", kMostRuns, longer.size());
      }
      product = std::move(longer);
    }
    all.insert(all.end(), product.begin(), product.end());
  }

  // A single value applies to all.
  void add_list(const toml::table& block, std::vector<Configuration>& all) const {
    const std::vector<Axis> axes = axes_of(block);
    size_t length = 1;
    for (const Axis& axis : axes) length = std::max(length, axis.size());
    for (const Axis& axis : axes) {
      if (axis.size() != 1 && axis.size() != length) {
        fail_at(block, "key '{}': expected {} values as in the longest list here, got {}",
                axis[0].key, length, axis.size());
      }
    }
    for (size_t i = 0; i < length; ++i) {
      Configuration& configuration = all.emplace_back();
      for (const Axis& axis : axes) configuration.push_back(axis[axis.size() == 1 ? 0 : i]);
    }
  }

  const toml::table& root_;
  const std::string& file_name_;
  KeyOrigin origin_;
  std::map<std::string, std::map<std::string, std::vector<std::string>>> choices_;
};

}  // namespace

SweepFile parse_sweep_file(std::string_view text, const std::string& file_name) {
  const toml::table root = parse_toml(text, file_name);
  return Parser(root, file_name).parse();
}

}  // namespace pumice
