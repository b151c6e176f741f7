#pragma once

#include <cstdio>
#include <string_view>

namespace pumice::system {

/// Prints and flushes. A terminal or pipe that was closed meanwhile is no error here: it must not
/// end a training run. run_command_line() checks the standard output at the end.
void print(std::FILE* out, std::string_view text);

}  // namespace pumice::system
