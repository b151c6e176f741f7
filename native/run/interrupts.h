#pragma once

#include <csignal>

namespace pumice {

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
