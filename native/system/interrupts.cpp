#include "native/system/interrupts.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <ctime>

namespace pumice::system {
namespace {

constexpr std::array kSignals{SIGINT,    SIGTERM, SIGHUP,  SIGQUIT,   SIGPIPE,
                              SIGUSR1,   SIGUSR2, SIGXCPU, SIGXFSZ,   SIGALRM,
                              SIGVTALRM, SIGPROF, SIGIO,   SIGSTKFLT, SIGPWR};
/// The numbers of real-time signals are not constants.
std::vector<int> caught_signals() {
  std::vector<int> signals(kSignals.begin(), kSignals.end());
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) signals.push_back(signal);
  return signals;
}

/// Signals that a user or a supervisor repeats to insist.
constexpr std::array kInsistent{SIGINT, SIGTERM, SIGQUIT};
constexpr int64_t kOneStop = 1'000'000'000;  // nanoseconds: signals this close count as one

// Lock-free, hence safe in a signal handler.
std::atomic<int> stop_signal = 0;
std::atomic<int64_t> stop_time = 0;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<int64_t>::is_always_lock_free);

int64_t now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

bool insists(int signal) {
  return std::find(kInsistent.begin(), kInsistent.end(), signal) != kInsistent.end();
}

void request_stop(int signal) {
  int64_t never = 0;
  if (stop_time.compare_exchange_strong(never, now())) {
    stop_signal = signal;
    return;
  }
  if (!insists(signal) || now() - stop_time < kOneStop) return;
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

struct Interrupts::Replaced {
  int signal;
  struct sigaction action;
};

Interrupts::Interrupts() {
  stop_signal = 0;
  stop_time = 0;
  struct sigaction action = {};
  action.sa_handler = request_stop;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  for (int signal : caught_signals()) {
    struct sigaction old = {};
    sigaction(signal, nullptr, &old);
    if (old.sa_handler == SIG_IGN && !insists(signal)) continue;
    sigaction(signal, &action, nullptr);
    replaced_.push_back({signal, old});
  }
}

Interrupts::~Interrupts() {
  for (const Replaced& replaced : replaced_) sigaction(replaced.signal, &replaced.action, nullptr);
}

bool Interrupts::requested() const { return stop_signal != 0; }

int interrupted_exit_code() { return 128 + (stop_signal != 0 ? stop_signal.load() : SIGINT); }

bool is_interrupted_exit_code(int code) {
  const std::vector<int> signals = caught_signals();
  return std::ranges::count(signals, code - 128) > 0;
}

}  // namespace pumice::system
