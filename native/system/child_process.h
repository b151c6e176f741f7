#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

namespace pumice::system {

/// A program that runs beside this one and whose output is read line by line.
class ChildProcess {
 public:
  enum class Stream : uint8_t { kOut, kErr };

  /// `words`: the program (looked up in PATH unless it has a slash) and its arguments. It gets a
  /// process group of its own, so that a terminal's Ctrl-C reaches this program alone. Throws Error
  /// when it cannot be started.
  explicit ChildProcess(std::vector<std::string> words);
  /// Asks it to stop as Ctrl-C does, where it still runs, and waits for its end.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Whole lines that have come since; of an ended process all that is left.
  std::vector<std::string> new_lines(Stream stream);
  void interrupt() const;
  /// Answers whether it has ended and closed its output. Does not wait.
  bool has_ended();
  /// Of an ended process: its exit code, or 128 + the signal that killed it.
  int exit_code() const;

  /// Waits until one of them has written something or has ended, or a tenth of a second.
  static void wait_for_any(std::span<ChildProcess* const> children);

 private:
  /// The reading end of a pipe, and what has come of a line.
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
