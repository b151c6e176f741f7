#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace pumice::formats {

/// Called with one line for the user.
using Warn = std::function<void(const std::string&)>;

/// What a damaged file of rows lacks of the rows that it should hold.
struct LostRows {
  std::string problem;  ///< "line 4 is damaged"; empty: rows are missing, no more is known
  std::string key;      ///< what the numbers are of: "epoch"
  std::vector<uint64_t> numbers;  ///< of the lost rows, ascending
  uint64_t expected = 0;          ///< rows that there should be
  std::string substitute;         ///< what there is instead: "they are nan now"
};

/// Warns in one line that names the file and what was lost; does nothing if that is nothing.
void warn_of_lost_rows(const std::filesystem::path& path, const LostRows& lost, const Warn& warn);

}  // namespace pumice::formats
