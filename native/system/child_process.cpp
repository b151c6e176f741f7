#include "native/system/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/base/require.h"

extern char** environ;

namespace pumice::system {
namespace {

/// Both ends of a pipe that no other child inherits.
std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  const bool is_made = pipe(ends.data()) == 0;
  require(is_made, "cannot make a pipe: {}", std::strerror(errno));
  for (int end : ends) fcntl(end, F_SETFD, FD_CLOEXEC);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return ends;
}

int spawn(std::vector<std::string>& words, int out, int err, pid_t& process) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  const int error =
      posix_spawnp(&process, pointers[0], &files, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> words) {
  const std::array<int, 2> out = make_pipe();
  const std::array<int, 2> err = make_pipe();
  out_.descriptor = out[0];
  err_.descriptor = err[0];
  const int error = spawn(words, out[1], err[1], process_);
  close(out[1]);
  close(err[1]);
  if (error == 0) return;
  out_.close();
  err_.close();
  fail("{}: cannot start: {}", words[0], std::strerror(error));
}

ChildProcess::~ChildProcess() {
  out_.close();  // first: a child that blocks in a write would never end
  err_.close();
  if (ended_) return;
  interrupt();
  waitpid(process_, nullptr, 0);
}

void ChildProcess::Pipe::close() {
  if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

void ChildProcess::Pipe::read(std::vector<std::string>& lines) {
  std::array<char, 4096> bytes;
  while (descriptor >= 0) {
    const ssize_t count = ::read(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count <= 0) {
      close();
      break;
    }
    begun.append(bytes.data(), static_cast<size_t>(count));
  }
  for (size_t end = begun.find('\n'); end != begun.npos; end = begun.find('\n')) {
    lines.push_back(begun.substr(0, end));
    begun.erase(0, end + 1);
  }
  if (descriptor < 0 && !begun.empty()) lines.push_back(std::exchange(begun, ""));
}

std::vector<std::string> ChildProcess::new_lines(Stream stream) {
  std::vector<std::string> lines;
  (stream == Stream::kOut ? out_ : err_).read(lines);
  return lines;
}

void ChildProcess::interrupt() const {
  if (!ended_) kill(process_, SIGINT);
}

bool ChildProcess::has_ended() {
  if (!ended_ && out_.descriptor < 0 && err_.descriptor < 0) {
    ended_ = waitpid(process_, &status_, WNOHANG) == process_;
  }
  return ended_;
}

int ChildProcess::exit_code() const {
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
}

void ChildProcess::wait_for_any(std::span<ChildProcess* const> children) {
  std::vector<pollfd> waiting;
  for (const ChildProcess* child : children) {
    for (const Pipe* pipe : {&child->out_, &child->err_}) {
      if (pipe->descriptor >= 0) waiting.push_back({pipe->descriptor, POLLIN, 0});
    }
  }
  poll(waiting.data(), waiting.size(), 100);
}

}  // namespace pumice::system
