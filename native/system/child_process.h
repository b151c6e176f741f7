#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

namespace pumice::system {

/// A child process whose output is read line by line.
class ChildProcess {
 public:
  enum class Stream : uint8_t { kOut, kErr };

  /// `words`: the program (looked up in PATH unless it contains a slash) and its arguments. It gets
  /// its own process group, so that a terminal's Ctrl-C reaches only the parent. Throws Error when
  /// it cannot be started.
  explicit ChildProcess(std::vector<std::string> words);
  /// Interrupts the process, as Ctrl-C does, if it is still running, and waits for it to end.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// The complete lines received since the last call; after the process has ended, all remaining
  /// output.
  std::vector<std::string> new_lines(Stream stream);
  void interrupt() const;
  /// Whether it has ended and closed its output. Does not block.
  bool has_ended();
  /// For an ended process: its exit code, or 128 + the signal that killed it.
  int exit_code() const;

  /// Waits until one of them has written something or ended, for at most a tenth of a second.
  static void wait_for_any(std::span<ChildProcess* const> children);

 private:
  /// The read end of a pipe, and a line that is not complete yet.
  struct Pipe {
    int descriptor = -1;
    std::string begun;
    void read(std::vector<std::string>& lines);
    void close();
  };

  Pipe out_;
  Pipe err_;
  pid_t process_ = -1;
  bool ended_ = false;
  int status_ = 0;
};

}  // namespace pumice::system
