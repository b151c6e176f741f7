#pragma once

#include <atomic>
#ifdef __wasm__
#include <emscripten/threading.h>
#endif

namespace pumice::hal::cpu {

/// Waits until wake_all(), or not at all, if `value` is `old`. In a browser, std::atomic sleeps for
/// longer and longer times instead, and the thread of a page must not wait: there, this returns at
/// once.
template <class T>
void park(const std::atomic<T>& value, T old) {
#ifdef __wasm__
  if (emscripten_is_main_browser_thread()) return;
  auto* address = const_cast<std::atomic<T>*>(&value);
  if constexpr (sizeof(T) == sizeof(int)) {
    __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int*>(address), static_cast<int>(old), -1);
  } else {
    __builtin_wasm_memory_atomic_wait64(reinterpret_cast<long long*>(address),
                                        static_cast<long long>(old), -1);
  }
#else
  value.wait(old);
#endif
}

/// Wakes the threads that wait for `value`, which has changed.
template <class T>
void wake_all(std::atomic<T>& value) {
#ifdef __wasm__
  __builtin_wasm_memory_atomic_notify(reinterpret_cast<int*>(&value), ~0u);
#else
  value.notify_all();
#endif
}

}  // namespace pumice::hal::cpu
