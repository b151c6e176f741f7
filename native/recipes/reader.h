#pragma once

#include <toml++/toml.h>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "native/recipes/fields.h"

namespace pumice {

/// Tracks where each key of a recipe was set: in the file, or by the option that overrode it.
class KeyOrigin {
 public:
  explicit KeyOrigin(std::string file_name) : file_name_(std::move(file_name)) {}

  /// `text`: "key=value". Presets come first and count as keys of the file.
  void add_preset(const std::string& key, std::string text);
  void add_override(const std::string& key, std::string text);
  const std::set<std::string>& presets() const { return presets_; }
  /// Whether an override, not a preset, set the key or a table that contains it.
  bool is_overridden(const std::string& key) const;
  /// The text after the "=" of an override of exactly this key, as written.
  std::optional<std::string> overriding_text(const std::string& key) const;

  const std::string& file_name() const { return file_name_; }

  /// "recipe.toml:3:1", or "--set train.epochs=abc".
  std::string where(const std::string& key, const toml::node& node) const;

 private:
  std::string file_name_;
  std::map<std::string, std::string> overrides_;  ///< including presets
  std::set<std::string> presets_;                 ///< those not replaced by an override
};

/// Reads and checks the keys of a parsed file. Every Error says where the key is.
class RecipeReader : public Fields {
 public:
  /// `prefix` comes before every key in messages; `table` and `origin` must outlive the reader.
  RecipeReader(const toml::table& table, const KeyOrigin& origin, std::string prefix = "")
      : table_(table), origin_(origin), prefix_(std::move(prefix)) {}

  bool reads() const override { return true; }
  void identifier(const std::string& key, std::string& value) override;
  void text(const std::string& key, std::string& value) override;
  void color(const std::string& key, std::string& value) override;
  void choice(const std::string& key, std::string& value, Choices choices) override;
  void whole(const std::string& key, uint32_t& value, uint32_t at_least) override;
  void whole(const std::string& key, uint64_t& value, uint64_t at_least) override;
  void number(const std::string& key, double& value, const Bounds& bounds) override;
  void flag(const std::string& key, bool& value) override;
  void wholes(const std::string& key, std::vector<uint32_t>& value) override;
  void layers(const std::string& key, std::vector<Layer>& value) override;

  /// Marks a key as known that is read elsewhere.
  void ignore(const std::string& key) { known_.insert(key); }

  /// Refuses keys of the table that were not read; otherwise reports the first missing required
  /// key. (A mistyped key is both, and is reported where it was written.)
  void finish() const;

 private:
  const toml::node* find(const std::string& key);
  std::optional<std::string> text_of(const std::string& key, const toml::node& node) const;
  uint64_t checked_whole(const std::string& key, uint64_t value, uint64_t at_least,
                         uint64_t at_most);
  void refuse_unknown_keys(const toml::table& table, const std::string& path) const;
  std::string advice_for(const std::string& unknown) const;
  void refuse(const std::string& key, const toml::node* node, std::string_view expected);

  const toml::table& table_;
  const KeyOrigin& origin_;
  std::string prefix_;
  std::set<std::string> known_;
  std::string missing_;  ///< the message about the first missing key
};

}  // namespace pumice
