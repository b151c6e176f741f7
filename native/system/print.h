#pragma once

#include <cstdio>
#include <string_view>

namespace pumice::system {

/// Prints and flushes. Ignores errors, such as a terminal or pipe that has been closed: they must
/// not end a training run. run_command_line() checks the standard output at the end.
void print(std::FILE* out, std::string_view text);

}  // namespace pumice::system
