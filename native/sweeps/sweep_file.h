#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "native/sweeps/study.h"

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

/// A [[run]]: a recipe with changes, or all runs of another sweep.
struct ListedRun {
  std::string name;  ///< by default the recipe's or the sweep's
  std::string recipe;
  std::string sweep;   ///< instead of a recipe
  std::string folder;  ///< of images, in the folder of data sets; left out if it is missing
  std::string given;   ///< the source's result
  std::vector<std::string> set;
};

/// The content of a sweep's file, see parse_sweep().
struct SweepFile {
  std::string name;
  std::string recipe;
  std::vector<uint32_t> seeds;
  std::vector<std::string> set;
  std::vector<Configuration> configurations;  ///< of all grids and lists
  std::vector<ListedRun> listed;              ///< if there are none, one configuration at least
  Study study;
};

/// Throws Error, "file:line:column: ...", for an invalid file.
SweepFile parse_sweep_file(std::string_view toml, const std::string& file_name);

}  // namespace pumice
