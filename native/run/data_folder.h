#pragma once

#include <filesystem>
#include <string>

namespace pumice {

/// Where a data set lies: `wanted` (--data or $PUMICE_DATA) where it is not empty, else
/// `${XDG_CACHE_HOME:-~/.cache}/pumice/data/<name>`.
std::filesystem::path data_folder(const std::string& wanted, const std::string& name);

}  // namespace pumice
