#pragma once

#include <filesystem>
#include <string>

namespace pumice {

/// Where a data set lies: `wanted` (--data) where it is not empty; else in $PUMICE_DATA, in the
/// folder of its name if there is one; else `${XDG_CACHE_HOME:-~/.cache}/pumice/data/<name>`.
std::filesystem::path data_folder(const std::string& wanted, const std::string& name);

}  // namespace pumice
