#pragma once

#include <filesystem>

namespace pumice {

/// `${XDG_CACHE_HOME:-~/.cache}/pumice`, whether or not it exists; empty if neither variable is
/// set.
std::filesystem::path cache_folder();

}  // namespace pumice
