#pragma once

#include <span>
#include <string_view>

namespace pumice {

/// A file of native/recipes or native/sweeps, embedded when the program was built.
struct BuiltInFile {
  std::string_view name;  ///< the file's name without .toml
  std::string_view text;
};

/// All files, sorted by name. The build generates the functions from the files.
std::span<const BuiltInFile> built_in_recipes();
std::span<const BuiltInFile> built_in_sweeps();

}  // namespace pumice
