#include "native/commands/output_file.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "native/commands/session.h"
#include "native/report/extension.h"
#include "native/run/run_folder.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;

void check_folder(const fs::path& out) {
  const fs::path folder = folder_holding(out);
  std::error_code ignored;
  require(fs::is_directory(folder, ignored), "--out {}: there is no folder {}", out.string(),
          folder.string());
  require(access(folder.c_str(), W_OK | X_OK) == 0, "--out {}: cannot write to {}: {}",
          out.string(), folder.string(), std::strerror(errno));
}

}  // namespace

void check_output_file(const fs::path& out, std::initializer_list<std::string_view> extensions) {
  const std::string extension = report::extension_of(out);
  if (std::find(extensions.begin(), extensions.end(), extension) == extensions.end()) {
    throw UsageError(fmt::format("--out {}: expected the name of a {} file, got {}", out.string(),
                                 fmt::join(extensions, " or "),
                                 extension.empty() ? "one without ending" : extension));
  }
  std::error_code ignored;
  require(!fs::is_directory(out, ignored), "--out {}: expected a file, found a folder",
          out.string());
  check_folder(out);
}

}  // namespace pumice::commands
