#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pumice {

/// One value of one key of a grid or list: how tables call it, and the "key=value" texts that it
/// stands for, one unless it is the name of a choice.
struct Setting {
  std::string key;
  std::string shown;
  std::vector<std::string> overrides;
};

/// The settings that a run has beside those of all.
using Configuration = std::vector<Setting>;

/// What stands in a sweep's file, see parse_sweep().
struct SweepFile {
  std::string name;
  std::string recipe;
  std::vector<uint32_t> seeds;
  std::vector<std::string> set;
  std::vector<Configuration> configurations;  ///< of all grids and lists; at least one
};

/// Throws Error, "file:line:column: ...", for what makes no sense.
SweepFile parse_sweep_file(std::string_view toml, const std::string& file_name);

}  // namespace pumice
