#pragma once

#include <string_view>

namespace pumice {

/// "0.1.0": the project's version in CMakeLists.txt.
std::string_view version();

}  // namespace pumice
