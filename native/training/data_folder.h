#pragma once

#include <filesystem>
#include <string>

namespace pumice {

/// The folder of a data set: `wanted` (--data) unless it is empty; else the folder of that name in
/// $PUMICE_DATA if there is one; else `${XDG_CACHE_HOME:-~/.cache}/pumice/data/<name>`.
std::filesystem::path data_folder(const std::string& wanted, const std::string& name);

}  // namespace pumice
