#include "native/system/source_script.h"

#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "engine/base/require.h"

namespace pumice::system {
namespace {

namespace fs = std::filesystem;

pid_t start(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  pid_t process = -1;
  int error = posix_spawn(&process, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  require(error == 0, "{}: cannot start: {}", words[0], std::strerror(error));
  return process;
}

}  // namespace

fs::path setup_script() {
  std::error_code ignored;
  fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (; folder.has_relative_path(); folder = folder.parent_path()) {
    const fs::path scripts = folder / "scripts";
    if (fs::exists(scripts / "data.sha256", ignored)) return scripts / "setup";
  }
  return {};
}

void run_script(const fs::path& script, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{script.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const pid_t process = start(words);
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "{} failed", fmt::join(words, " "));
}

}  // namespace pumice::system
