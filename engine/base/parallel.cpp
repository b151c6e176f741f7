#include "engine/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace pumice {
namespace {

constexpr size_t kMaxThreads = 8;

}  // namespace

void in_parallel(size_t count, const std::function<void(size_t)>& job) {
  std::atomic<size_t> next = 0;
  std::exception_ptr error;
  std::mutex error_mutex;
  auto work = [&] {
    for (size_t i = next++; i < count; i = next++) {
      try {
        job(i);
      } catch (...) {
        std::scoped_lock lock(error_mutex);
        error = std::current_exception();
      }
    }
  };
  size_t threads = std::min<size_t>({count, std::thread::hardware_concurrency(), kMaxThreads});
  std::vector<std::thread> others;
  for (size_t i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& thread : others) thread.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace pumice
