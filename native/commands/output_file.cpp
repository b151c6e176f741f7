#include "native/commands/output_file.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "native/commands/session.h"
#include "native/formats/extension.h"
#include "native/formats/origin.h"
#include "native/training/run_folder.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;

void check_folder(const fs::path& out) {
  const fs::path folder = folder_holding(out);
  std::error_code ignored;
  require(fs::is_directory(folder, ignored), "--out {}: there is no folder {}", out.string(),
          folder.string());
  const bool is_writable = access(folder.c_str(), W_OK | X_OK) == 0;
  require(is_writable, "--out {}: cannot write to {}: {}", out.string(), folder.string(),
          std::strerror(errno));
}

}  // namespace

void require_replaceable(const fs::path& file, bool force) {
  std::error_code ignored;
  if (force || !fs::exists(file, ignored)) return;
  require(formats::was_written_by_pumice(file),
          "{}: Pumice did not write the existing file; choose another name (--out), or replace "
          "it (--force)",
          file.string());
}

void add_force_option(CLI::App& command, bool& force) {
  command.add_flag("--force", force, "Replace a file that Pumice did not write");
}

void check_output_file(const fs::path& out, std::initializer_list<std::string_view> extensions,
                       bool force) {
  const std::string extension = formats::extension_of(out);
  if (std::find(extensions.begin(), extensions.end(), extension) == extensions.end()) {
    throw UsageError(fmt::format("--out {}: expected the name of a {} file, got {}", out.string(),
                                 fmt::join(extensions, " or "),
                                 extension.empty() ? "a name without extension" : extension));
  }
  std::error_code ignored;
  require(!fs::is_directory(out, ignored), "--out {}: expected a file, found a folder",
          out.string());
  check_folder(out);
  require_replaceable(out, force);
}

}  // namespace pumice::commands
