#pragma once

#include "native/system/backend.h"

namespace pumice::commands {

/// The program: parses the arguments, runs the subcommand, prints errors as one line on stderr.
/// Gives the exit code: 0, 1 for errors, 2 for a command line that makes no sense, 130 when the
/// user interrupted.
int run_command_line(int argc, const char* const* argv, const system::Backend& backend);

}  // namespace pumice::commands
