#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "engine/data/image_set.h"

namespace pumice::report {

/// A data set as it lies on this machine.
struct DataRow {
  std::string name;
  std::filesystem::path folder;
  uint32_t train = 0;  ///< pictures
  uint32_t test = 0;
  uint32_t height = 0, width = 0, channels = 0;  ///< 0 where pictures differ
  std::vector<std::string> class_names;
  std::string problem;  ///< why it cannot be used; empty when it can
};

/// One line for each data set under a line of titles; problems follow.
std::string data_table(std::span<const DataRow> rows);

}  // namespace pumice::report
