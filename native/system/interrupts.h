#pragma once

#include <vector>

#include "engine/base/require.h"

namespace pumice::system {

/// Thrown when a stop was requested during work that its caller cannot continue without.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// While an object of this class exists, signals that would end the program only request a stop:
/// Ctrl-C (SIGINT), SIGTERM, a closed terminal (SIGHUP), Ctrl-\ (SIGQUIT), a closed pipe (SIGPIPE),
/// and all others except faults (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP).
/// Signals that are ignored at construction stay ignored (nohup), except SIGINT, SIGTERM and
/// SIGQUIT, which shells ignore for background jobs.
///
/// A second Ctrl-C, SIGTERM or Ctrl-\ ends the program at once, unless it comes within a second of
/// the first signal: GNU timeout signals a program and then its process group, and terminals and
/// service managers send several signals at once.
///
/// At most one at a time.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  bool requested() const;

 private:
  struct Replaced;
  std::vector<Replaced> replaced_;
};

/// The exit code after a requested stop: 128 + the signal, as in shells. 130, the code of Ctrl-C,
/// if there was no signal.
int interrupted_exit_code();

/// Whether the exit code is that of a program that was asked to stop and shut down cleanly.
bool is_interrupted_exit_code(int code);

}  // namespace pumice::system
