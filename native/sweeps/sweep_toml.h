#pragma once

#include <fmt/format.h>
#include <toml++/toml.h>

#include <string>
#include <vector>

#include "engine/base/require.h"

namespace pumice {

/// A dotted key and its value.
struct TomlEntry {
  std::string key;
  const toml::node* node;
};

/// The keys of a table and of the tables in it, in the order of the file.
std::vector<TomlEntry> entries_of(const toml::table& table);

/// A value as one line of TOML.
std::string toml_text(const toml::node& node);

/// "key=value", as for --set.
std::string override_text(const TomlEntry& entry);
std::vector<std::string> override_texts(const toml::table& table);

/// A table's nodes with the name of its file, for messages.
class TomlFile {
 public:
  TomlFile(const toml::table& root, const std::string& name) : root_(root), name_(name) {}

  const toml::table& root() const { return root_; }
  const std::string& name() const { return name_; }

  /// Throws Error, "file:line:column: …".
  template <typename... Values>
  [[noreturn]] void fail_at(const toml::node& node, fmt::format_string<Values...> format,
                            Values&&... values) const {
    const toml::source_position position = node.source().begin;
    fail("{}:{}:{}: {}", name_, position.line, position.column,
         fmt::format(format, std::forward<Values>(values)...));
  }

  /// Null if there is no such key. Throws Error if it is not a table.
  const toml::table* table_at(const std::string& key) const;
  /// Any number of [[key]], or one [key].
  std::vector<const toml::table*> blocks_at(const std::string& key) const;
  /// An array of texts; empty if there is no such key.
  std::vector<std::string> texts_at(const std::string& key) const;

 private:
  const toml::table& root_;
  const std::string& name_;
};

}  // namespace pumice
