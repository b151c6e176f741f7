#include "native/system/interrupts.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

namespace pumice::system {
namespace {

using testing::ExitedWithCode;
using testing::KilledBySignal;

void wait_longer_than_one_stop() { std::this_thread::sleep_for(std::chrono::milliseconds(1100)); }

TEST(Interrupts, CountsSignalsOfASecondOnce) {
  EXPECT_EXIT(
      {
        const Interrupts interrupts;
        for (int signal : {SIGTERM, SIGTERM, SIGINT, SIGHUP}) std::raise(signal);
        std::exit(interrupts.requested() ? interrupted_exit_code() : 1);
      },
      ExitedWithCode(128 + SIGTERM), "");
}

TEST(Interrupts, EndsWhenAPersonInsists) {
  for (int signal : {SIGINT, SIGTERM, SIGQUIT}) {
    EXPECT_EXIT(
        {
          const Interrupts interrupts;
          std::raise(signal);
          wait_longer_than_one_stop();
          std::raise(signal);
          std::exit(0);
        },
        KilledBySignal(signal), "");
  }
}

TEST(Interrupts, SavesUndisturbedIfTheTerminalClosesAfterCtrlC) {
  EXPECT_EXIT(
      {
        const Interrupts interrupts;
        std::raise(SIGINT);
        wait_longer_than_one_stop();
        for (int signal : {SIGHUP, SIGPIPE, SIGUSR1}) std::raise(signal);
        std::exit(interrupted_exit_code());
      },
      ExitedWithCode(128 + SIGINT), "");
}

TEST(Interrupts, LeavesSignalsIgnoredUnderNohup) {
  EXPECT_EXIT(
      {
        std::signal(SIGHUP, SIG_IGN);
        std::signal(SIGINT, SIG_IGN);  // as shells start background jobs
        const Interrupts interrupts;
        std::raise(SIGHUP);
        const bool heeds_hangup = interrupts.requested();
        std::raise(SIGINT);
        std::exit(!heeds_hangup && interrupts.requested() ? 0 : 1);
      },
      ExitedWithCode(0), "");
}

TEST(Interrupts, RestoresThePreviousHandlers) {
  EXPECT_EXIT(
      {
        { const Interrupts interrupts; }
        std::raise(SIGTERM);
        std::exit(0);
      },
      KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace pumice::system
