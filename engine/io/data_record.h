#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pumice::io {

/// Identifies the data that a run was trained on, so that resuming with other data is detected.
struct DataRecord {
  uint32_t train = 0;  ///< number of images
  uint32_t test = 0;
  std::string digest;  ///< hexadecimal; 16 digits of the training split, then 16 of the test split
  bool operator==(const DataRecord&) const = default;
};

/// {"train": 60000, "test": 10000, "digest": "…"}.
std::string data_record_to_json(const DataRecord& record);
/// Throws Error, beginning with `where` and naming the key.
DataRecord data_record_from_json(std::string_view text, const std::string& where);

/// ["cat", "dog"]; bytes that are not UTF-8 are replaced.
std::string class_names_to_json(const std::vector<std::string>& names);
std::vector<std::string> class_names_from_json(std::string_view text, const std::string& where);

}  // namespace pumice::io
