#include "native/sweeps/sweep_file.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "engine/base/require.h"
#include "native/recipes/reader.h"
#include "native/recipes/source.h"
#include "native/sweeps/study_file.h"
#include "native/sweeps/sweep_toml.h"

namespace pumice {
namespace {

constexpr size_t kMostRuns = 1000;

// Arrays, such as layers, are long: they are shown as their number in the list.
std::string shown_value(const toml::node& node, size_t index) {
  if (node.is_array()) return fmt::format("#{}", index + 1);
  if (auto text = node.value_exact<std::string>()) return *text;
  return toml_text(node);
}

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
      : root_(root), file_name_(file_name), file_(root, file_name), origin_(file_name) {}

  SweepFile parse() {
    SweepFile file;
    read_head(file);
    if (const toml::table* set = file_.table_at("set")) file.set = override_texts(*set);
    read_choices();
    for (const toml::table* block : file_.blocks_at("grid")) add_grid(*block, file.configurations);
    for (const toml::table* block : file_.blocks_at("list")) add_list(*block, file.configurations);
    refuse_unused_choices(file.configurations);
    file.listed = read_listed_runs(file_, file.recipe);
    file.study = read_study(file_);
    if (file.configurations.empty() && file.listed.empty()) file.configurations.emplace_back();
    require(!file.recipe.empty() || file.configurations.empty(),
            "{}: key 'recipe' is missing: expected a recipe's name or file", file_name_);
    return file;
  }

 private:
  /// The alternatives of one key, or of keys that vary together in a list.
  using Axis = std::vector<Setting>;

  void read_head(SweepFile& file) const {
    RecipeReader reader(root_, origin_);
    reader.identifier("name", file.name);
    reader.text("recipe", file.recipe);
    for (const char* other : {"seeds", "set", "choices", "grid", "list"}) reader.ignore(other);
    for (const char* other : kStudyKeys) reader.ignore(other);
    if (root_.contains("seeds")) reader.wholes("seeds", file.seeds);
    reader.finish();
  }

  void read_choices() {
    const toml::table* choices = file_.table_at("choices");
    if (choices == nullptr) return;
    for (const auto& [key, options] : *choices) {
      if (!options.is_table())
        file_.fail_at(options, "key 'choices.{}': expected a table", key.str());
      auto& known = choices_[std::string(key.str())];
      for (const auto& [option, keys] : *options.as_table()) {
        if (!keys.is_table()) {
          file_.fail_at(keys, "key 'choices.{}.{}': expected a table of the recipe's keys",
                        key.str(), option.str());
        }
        auto& overrides = known[std::string(option.str())];
        for (const TomlEntry& entry : entries_of(*keys.as_table())) {
          overrides.push_back(override_text(entry));
        }
      }
    }
  }

  void refuse_unused_choices(const std::vector<Configuration>& configurations) const {
    for (const auto& [key, options] : choices_) {
      if (is_set(key, configurations)) continue;
      const std::string first = options.empty() ? "" : "." + options.begin()->first;
      file_.fail_at(*file_.table_at("choices")->get(key),
                    "no grid or list uses choices.{}{}: expected the key '{}' in one of them", key,
                    first, key);
    }
  }

  Setting setting_of(const std::string& key, const toml::node& value, size_t index) const {
    if (value.is_table()) {
      file_.fail_at(value,
                    "key '{}': expected a list of values (of layers: a list of lists), got a table",
                    key);
    }
    const std::string shown = shown_value(value, index);
    const auto choice = choices_.find(key);
    if (choice == choices_.end()) return {key, shown, {key + "=" + toml_text(value)}};
    const auto option = choice->second.find(shown);
    if (option == choice->second.end()) {
      std::vector<std::string> names;
      for (const auto& [name, overrides] : choice->second) names.push_back(name);
      file_.fail_at(value, "key '{}': there is no choice '{}', only {}", key, shown,
                    fmt::join(names, ", "));
    }
    return {key, shown, option->second};
  }

  Axis axis_of(const TomlEntry& entry) const {
    const toml::array* array = entry.node->as_array();
    if (array == nullptr) return {setting_of(entry.key, *entry.node, 0)};
    if (array->empty())
      file_.fail_at(*entry.node, "key '{}': expected at least one value", entry.key);
    Axis axis;
    for (size_t i = 0; i < array->size(); ++i) {
      axis.push_back(setting_of(entry.key, *array->get(i), i));
    }
    return axis;
  }

  std::vector<Axis> axes_of(const toml::table& block) const {
    std::vector<Axis> axes;
    for (const TomlEntry& entry : entries_of(block)) axes.push_back(axis_of(entry));
    if (axes.empty()) file_.fail_at(block, "expected keys with their values, got none");
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
        file_.fail_at(block, "expected at most {} runs, got at least {}", kMostRuns, longer.size());
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
        file_.fail_at(block, "key '{}': expected {} values as in the longest list here, got {}",
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
  TomlFile file_;
  KeyOrigin origin_;
  std::map<std::string, std::map<std::string, std::vector<std::string>>> choices_;
};

}  // namespace

SweepFile parse_sweep_file(std::string_view text, const std::string& file_name) {
  const toml::table root = parse_toml(text, file_name);
  return Parser(root, file_name).parse();
}

}  // namespace pumice
