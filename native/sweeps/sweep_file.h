#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pumice {

/// One value of one key of a grid or list: its name in tables, and its "key=value" texts: one, or
/// several for a named choice.
struct Setting {
  std::string key;
  std::string shown;
  std::vector<std::string> overrides;
};

/// A run's settings beyond those common to all runs.
using Configuration = std::vector<Setting>;

/// The content of a sweep's file, see parse_sweep().
struct SweepFile {
  std::string name;
  std::string recipe;
  std::vector<uint32_t> seeds;
  std::vector<std::string> set;
  std::vector<Configuration> configurations;  ///< of all grids and lists; at least one
};

/// Throws Error, "file:line:column: ...", for an invalid file.
SweepFile parse_sweep_file(std::string_view toml, const std::string& file_name);

}  // namespace pumice
