#pragma once

#ifdef __wasm__
#include <pthread.h>

#include "engine/base/require.h"
#else
#include <thread>
#endif

#include <atomic>
#include <functional>
#include <memory>

namespace pumice::hal::cpu {

/// A thread; the destructor does not wait for it. In a browser without std::thread, which would be
/// several kilobytes of the page's program.
class Thread {
 public:
#ifdef __wasm__
  explicit Thread(std::function<void()> body) {
    auto own = std::make_unique<std::function<void()>>(std::move(body));
    require(pthread_create(&thread_, nullptr, run, own.get()) == 0, "cpu: a thread cannot begin");
    (void)own.release();
  }
  void join() { pthread_join(thread_, nullptr); }
  void detach() { pthread_detach(thread_); }

 private:
  static void* run(void* body) {
    (*std::unique_ptr<std::function<void()>>(static_cast<std::function<void()>*>(body)))();
    return nullptr;
  }
  pthread_t thread_ = {};
#else
  explicit Thread(std::function<void()> body) : thread_(std::move(body)) {}
  void join() { thread_.join(); }
  void detach() { thread_.detach(); }

 private:
  std::thread thread_;
#endif
};

/// For what takes microseconds: the thread of a page must not wait.
class SpinLock {
 public:
  void lock() {
    while (is_locked_.exchange(true, std::memory_order_acquire)) yield();
  }
  void unlock() { is_locked_.store(false, std::memory_order_release); }
  static void yield() {
#ifndef __wasm__
    std::this_thread::yield();
#endif
  }

 private:
  std::atomic<bool> is_locked_ = false;
};

}  // namespace pumice::hal::cpu
