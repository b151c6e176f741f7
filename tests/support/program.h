#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace pumice::test {

struct ProgramResult {
  int exit_code = 0;  ///< 128 + the signal that killed it
  std::string out;
  std::string err;
};

/// The path of this build's `pumice`.
std::filesystem::path program_path();

/// `pumice` running in its own process.
class Program {
 public:
  using Texts = std::vector<std::string>;

  /// `environment`: "NAME=value", in addition to this process's.
  explicit Program(const Texts& arguments, const Texts& environment = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Waits until the text is on its stdout or stderr; returns false if it ended without.
  bool wait_for_output(const std::string& text);
  /// Its stdout so far.
  std::string output() const;
  void send(int signal) const;
  ProgramResult wait();

 private:
  bool has_ended();

  TemporaryFolder folder_;
  pid_t process_ = -1;
  int status_ = 0;
};

/// Runs it until it ends.
ProgramResult run_program(const Program::Texts& arguments, const Program::Texts& environment = {});

}  // namespace pumice::test
