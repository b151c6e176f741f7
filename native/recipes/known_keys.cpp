#include "native/recipes/known_keys.h"

#include <algorithm>

#include "native/recipes/fields.h"

namespace pumice {
namespace {

/// Collects the keys, and reads only the choices, on which other keys depend.
class KeyCollector : public Fields {
 public:
  explicit KeyCollector(const toml::table& recipe) : recipe_(recipe) {}

  bool reads() const override { return true; }
  void identifier(const std::string& key, std::string&) override { keys_.insert(key); }
  void text(const std::string& key, std::string&) override { keys_.insert(key); }
  void color(const std::string& key, std::string&) override { keys_.insert(key); }
  void choice(const std::string& key, std::string& value, Choices choices) override {
    keys_.insert(key);
    value = recipe_.at_path(key).value_exact<std::string>().value_or(value);
    choices_.push_back({{key, value}, {choices.begin(), choices.end()}});
  }
  void whole(const std::string& key, uint32_t&, uint32_t) override { keys_.insert(key); }
  void whole(const std::string& key, uint64_t&, uint64_t) override { keys_.insert(key); }
  void number(const std::string& key, double&, const Bounds&) override { keys_.insert(key); }
  void flag(const std::string& key, bool&) override { keys_.insert(key); }
  void wholes(const std::string& key, std::vector<uint32_t>&) override { keys_.insert(key); }
  void layers(const std::string& key, std::vector<Layer>&) override { keys_.insert(key); }

  /// A choice and its alternatives.
  struct Choice {
    MadeChoice made;
    std::vector<std::string> values;
  };

  const std::set<std::string>& keys() const { return keys_; }
  const std::vector<Choice>& all_choices() const { return choices_; }

 private:
  const toml::table& recipe_;
  std::set<std::string> keys_;
  std::vector<Choice> choices_;
};

KeyCollector collected(const toml::table& recipe) {
  Recipe scratch;
  KeyCollector collector(recipe);
  describe(collector, scratch);
  return collector;
}

toml::table with_choice(toml::table recipe, const std::string& key, const std::string& value) {
  const size_t dot = key.find('.');
  toml::table* table = &recipe;
  if (dot != key.npos) {
    table = recipe.emplace<toml::table>(key.substr(0, dot)).first->second.as_table();
  }
  if (table != nullptr) table->insert_or_assign(key.substr(key.rfind('.') + 1), value);
  return recipe;
}

}  // namespace

std::set<std::string> known_keys(const toml::table& recipe) { return collected(recipe).keys(); }

std::vector<MadeChoice> choices_without(const toml::table& recipe, const std::string& key) {
  const KeyCollector collector = collected(recipe);
  std::vector<MadeChoice> found;
  if (collector.keys().contains(key)) return found;
  for (const auto& [made, values] : collector.all_choices()) {
    const std::string& choice = made.key;
    const bool another_has = std::any_of(values.begin(), values.end(), [&](const auto& value) {
      return known_keys(with_choice(recipe, choice, value)).contains(key);
    });
    if (another_has) found.push_back(made);
  }
  return found;
}

}  // namespace pumice
