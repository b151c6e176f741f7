#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace CLI {
class App;
}

namespace pumice::commands {

/// Refuses an --out before any work goes into it: a name of another kind than the command writes
/// (it might be the checkpoint's), with a UsageError; a place where no file can be, and a file that
/// require_replaceable() refuses, with an Error. `extensions`: those that it writes, in small
/// letters (".png").
void check_output_file(const std::filesystem::path& out,
                       std::initializer_list<std::string_view> extensions, bool force);

/// Throws Error where there is a file that Pumice did not write, unless `force` is set.
void require_replaceable(const std::filesystem::path& file, bool force);

/// --force, for commands that write a file.
void add_force_option(CLI::App& command, bool& force);

}  // namespace pumice::commands
