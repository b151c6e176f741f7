#pragma once

#include <csignal>

#include "engine/base/require.h"

namespace pumice {

/// What the program exits with when it was asked to stop: 128 + SIGINT, as shells have it.
inline constexpr int kInterruptedExitCode = 130;

/// Work that was asked to stop, where nothing can go on without it.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// While one of these lives, the first Ctrl-C (SIGINT) or SIGTERM only asks the program to stop;
/// the second kills it as ever.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  bool requested() const;

 private:
  struct sigaction old_interrupt_ = {};
  struct sigaction old_terminate_ = {};
};

}  // namespace pumice
