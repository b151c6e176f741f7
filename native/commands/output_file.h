#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace CLI {
class App;
}

namespace pumice::commands {

/// Validates --out before any work is done. Throws UsageError for an extension that the command
/// does not write (it might be the checkpoint's), and Error for a place where no file can be
/// written and for a file that require_replaceable() refuses. `extensions`: the supported ones, in
/// lower case (".png").
void check_output_file(const std::filesystem::path& out,
                       std::initializer_list<std::string_view> extensions, bool force);

/// Throws Error if the file exists and was not written by Pumice, unless `force` is set.
void require_replaceable(const std::filesystem::path& file, bool force);

/// Adds --force, for commands that write a file.
void add_force_option(CLI::App& command, bool& force);

}  // namespace pumice::commands
