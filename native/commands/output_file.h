#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace pumice::commands {

/// Refuses an --out before any work goes into it: a name of another kind than the command writes
/// (it might be the checkpoint's), with a UsageError, and a place where no file can be, with an
/// Error. `extensions`: those that it writes, in small letters (".png").
void check_output_file(const std::filesystem::path& out,
                       std::initializer_list<std::string_view> extensions);

}  // namespace pumice::commands
