#include "engine/hal/cpu/pool.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "engine/base/require.h"
#include "engine/hal/cpu/park.h"

namespace pumice::hal::cpu {
namespace {

constexpr uint32_t kChunksPerThread = 8;
constexpr uint32_t kMostThreads = 1024;
// How long an idle thread spins before it sleeps: a few microseconds, within which the next
// dispatch of a program usually starts. Spinning five times as long slows two programs on the same
// processors down by 10 to 20 %, and speeds up a single one by 1.5 %.
#ifdef __wasm__
// There is no pause instruction, and waking a thread costs more, so threads stay awake while a
// program runs small dispatches on one of them.
constexpr int kSpins = 20000, kSpinsIfMoreFollow = 20 * kSpins;
#else
constexpr int kSpins = 400, kSpinsIfMoreFollow = kSpins;
#endif

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

uint32_t chunks_left(uint64_t claims) { return static_cast<uint32_t>(claims); }

bool are_small(std::span<const Task> tasks) {
  constexpr size_t kFew = 4;
  return tasks.size() <= kFew && std::ranges::all_of(tasks, &Task::is_small);
}

}  // namespace

Pool::Pool(uint32_t threads) {
  for (uint32_t i = 1; i < threads; ++i) helpers_.emplace_back([this] { help(); });
}

Pool::~Pool() {
  stopping_ = true;
  claims_ += uint64_t{1} << 32;
  wake_all(claims_);
  for (Thread& helper : helpers_) helper.join();
}

void Pool::run(std::span<const Task> tasks) {
  uint32_t chunks = 0;
  ends_.clear();
  for (const Task& task : tasks) {
    chunks += std::min(task.groups, threads() * kChunksPerThread);
    ends_.push_back(chunks);
  }
  if (helpers_.empty() || chunks <= 1 || are_small(tasks)) {
    for (const Task& task : tasks) task.run();
    return;
  }
  tasks_ = tasks;
  unfinished_ = chunks;
  const uint64_t number = (claims_ >> 32) + 1;
  claims_ = (number << 32) | chunks;
  wake_all(claims_);
  while (work_on_claim()) {
  }
  wait_for_others();
}

/// Claims a chunk and works on it; false if none is left.
bool Pool::work_on_claim() {
  uint64_t claims = claims_;
  do {
    if (chunks_left(claims) == 0) return false;
  } while (!claims_.compare_exchange_weak(claims, claims - 1));
  // The tasks cannot change before this chunk is finished.
  run_chunk(ends_.back() - chunks_left(claims));
  if (--unfinished_ == 0) wake_all(unfinished_);
  return true;
}

void Pool::run_chunk(uint32_t chunk) const {
  const auto end = std::upper_bound(ends_.begin(), ends_.end(), chunk);
  const uint32_t begin = end == ends_.begin() ? 0 : *std::prev(end);
  const Task& task = tasks_[static_cast<size_t>(end - ends_.begin())];
  const uint64_t chunks = *end - begin;
  const uint64_t number = chunk - begin;
  task.form(task.call, task.first + static_cast<uint32_t>(number * task.groups / chunks),
            task.first + static_cast<uint32_t>((number + 1) * task.groups / chunks));
}

void Pool::help() {
  while (!stopping_) {
    while (work_on_claim()) {
    }
    wait_for_tasks();
  }
}

/// Waits for chunks to claim.
void Pool::wait_for_tasks() const {
  uint64_t claims = claims_;
  const auto may_spin = [&](int spins) {
    return spins < kSpins || (expects_more_ && spins < kSpinsIfMoreFollow);
  };
  for (int i = 0; may_spin(i) && chunks_left(claims) == 0 && !stopping_; ++i) {
    pause();
    claims = claims_;
  }
  while (chunks_left(claims) == 0 && !stopping_) {
    park(claims_, claims);
    claims = claims_;
  }
}

/// Waits for the chunks that others have claimed.
void Pool::wait_for_others() const {
  for (int i = 0; i < kSpins && unfinished_ != 0; ++i) pause();
  for (uint32_t left = unfinished_; left != 0; left = unfinished_) park(unfinished_, left);
}

uint32_t default_threads() {
  const char* variable = std::getenv("PUMICE_CPU_THREADS");
  if (variable == nullptr || *variable == '\0') {
    return std::max(std::thread::hardware_concurrency(), 1u);
  }
  const std::string_view text = variable;
  uint32_t threads = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), threads);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  require(is_whole && threads >= 1 && threads <= kMostThreads,
          "PUMICE_CPU_THREADS: expected a number of threads from 1 to {}, got '{}'", kMostThreads,
          text);
  return threads;
}

}  // namespace pumice::hal::cpu
