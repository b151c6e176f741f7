#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "tests/support/temporary_folder.h"

namespace pumice::test {

/// Every file and folder below a folder with a hash of its content, to detect whether anything
/// changed. Links are not followed; the file with which a FolderLock marks a folder is left out.
inline std::map<std::string, size_t> snapshot(const std::filesystem::path& folder) {
  std::map<std::string, size_t> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().filename() == ".pumice") continue;
    const bool is_file = entry.is_regular_file() && !entry.is_symlink();
    const std::string content = is_file ? content_of(entry.path()) : "";
    files[entry.path().lexically_relative(folder)] = std::hash<std::string>{}(content);
  }
  return files;
}

}  // namespace pumice::test
