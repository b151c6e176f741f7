#pragma once

#include "native/system/backend.h"

namespace pumice::commands {

/// The program's entry point: parses the arguments, runs the subcommand, and prints errors as one
/// line on stderr. Returns the exit code: 0 for success, 1 for an error, 2 for an invalid command
/// line, 130 after an interrupt by the user.
int run_command_line(int argc, const char* const* argv, const system::Backend& backend);

}  // namespace pumice::commands
