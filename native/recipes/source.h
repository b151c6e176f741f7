#pragma once

#include <toml++/toml.h>
#include <span>
#include <string>
#include <string_view>

#include "native/recipes/built_in_files.h"

namespace pumice {

/// A TOML text and its name for messages.
struct Source {
  std::string text;
  std::string file_name;
};

/// Whether a name refers to a file (it ends in .toml or contains a slash), not to a built-in one.
bool is_file_name(const std::string& name);

/// Reads a file, or finds the built-in one of that name. `kind` is for messages: "recipe". Throws
/// Error if there is none, listing the built-in ones.
Source load_source(std::string_view kind, const std::string& name_or_file,
                   std::span<const BuiltInFile> built_in);

/// Throws Error, "file:line:column: ...".
toml::table parse_toml(std::string_view text, const std::string& file_name);

}  // namespace pumice
