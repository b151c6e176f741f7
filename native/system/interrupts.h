#pragma once

#include <vector>

#include "engine/base/require.h"

namespace pumice::system {

/// Work that was asked to stop, where nothing can continue without it.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// While one of these lives, signals that would end the program only ask it to stop: Ctrl-C
/// (SIGINT), SIGTERM, a closed terminal (SIGHUP), Ctrl-\ (SIGQUIT), a closed pipe (SIGPIPE), and
/// all others but those of faults (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP). What
/// is ignored when this is made stays ignored (nohup), but for SIGINT, SIGTERM and SIGQUIT: shells
/// start background jobs so.
///
/// Ctrl-C, SIGTERM or Ctrl-\ once more ends the program at once, unless it comes within a second of
/// the first signal: GNU timeout signals a program and then its process group, and terminals and
/// service managers send several signals at once.
///
/// One at a time.
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

/// What the program exits with after it was asked to stop: 128 + the signal, as in shells. 130,
/// that of Ctrl-C, where no signal came.
int interrupted_exit_code();

/// Whether a program that exits with this code was asked to stop and did so in order.
bool is_interrupted_exit_code(int code);

}  // namespace pumice::system
