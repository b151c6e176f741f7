#include "tests/support/program.h"
#include "tests/support/folders.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <thread>

#include "engine/base/require.h"

namespace pumice::test {
namespace {

// A given name replaces that of this process.
Program::Texts environment_with(const Program::Texts& given) {
  Program::Texts all = given;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string_view text = *entry;
    std::string name(text.substr(0, text.find('=') + 1));
    bool replaced = false;
    for (const std::string& other : given) replaced |= other.starts_with(name);
    if (!replaced) all.emplace_back(text);
  }
  return all;
}

std::vector<char*> pointers(Program::Texts& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// A shell lets what it starts with '&' ignore SIGINT, and children inherit that.
void take_signals(posix_spawnattr_t& attributes) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
}

}  // namespace

std::filesystem::path program_path() { return build_folder() / "pumice"; }

Program::Program(const Texts& arguments, const Texts& environment) {
  Texts all{program_path()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  Texts variables = environment_with(environment);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  int flags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, (folder_ / "out").c_str(), flags, 0600);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, (folder_ / "err").c_str(), flags, 0600);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  take_signals(attributes);
  int error = posix_spawn(&process_, all[0].c_str(), &files, &attributes, pointers(all).data(),
                          pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  require(error == 0, "{}: cannot run: {}", all[0], std::strerror(error));
}

Program::~Program() {
  if (process_ < 0) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

bool Program::has_ended() {
  if (process_ >= 0 && waitpid(process_, &status_, WNOHANG) == process_) process_ = -1;
  return process_ < 0;
}

bool Program::wait_for_output(const std::string& text) {
  while (true) {
    bool ended = has_ended();
    for (const char* stream : {"out", "err"}) {
      if (content_of(folder_ / stream).find(text) != std::string::npos) return true;
    }
    if (ended) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

std::string Program::output() const { return content_of(folder_ / "out"); }

void Program::send(int signal) const {
  if (process_ >= 0) kill(process_, signal);
}

ProgramResult Program::wait() {
  if (process_ >= 0) waitpid(process_, &status_, 0);
  process_ = -1;
  int code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  return {code, content_of(folder_ / "out"), content_of(folder_ / "err")};
}

ProgramResult run_program(const Program::Texts& arguments, const Program::Texts& environment) {
  return Program(arguments, environment).wait();
}

}  // namespace pumice::test
