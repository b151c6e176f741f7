// Preloaded into `pumice` (LD_PRELOAD): counts its calls that write, sync, link and rename files,
// and kills the process within the one of that number, as a power button would. A write is cut in
// half.
//   PUMICE_KILL_AT=N        the number, from 1
//   PUMICE_COUNT_CALLS=FILE at the end, writes how many there were
#include <dlfcn.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<long> calls = 0;

template <typename Function>
Function original(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

/// Counts a call; whether the process is to be killed in it.
bool is_last() {
  static const char* const wanted = std::getenv("PUMICE_KILL_AT");
  return ++calls == (wanted == nullptr ? 0 : std::atol(wanted));
}

void die() { raise(SIGKILL); }

/// Before or after the call: either may be the last thing that happens.
template <typename Call>
auto counted(const Call& call) {
  const bool last = is_last();
  if (last && calls % 2 == 0) die();
  const auto result = call();
  if (last) die();
  return result;
}

struct Report {
  ~Report() {
    const char* path = std::getenv("PUMICE_COUNT_CALLS");
    std::FILE* file = path == nullptr ? nullptr : std::fopen(path, "w");
    if (file == nullptr) return;
    std::fprintf(file, "%ld\n", calls.load());
    std::fclose(file);
  }
} report;

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t count) {
  static const auto next = original<ssize_t (*)(int, const void*, size_t)>("write");
  if (!is_last()) return next(file, bytes, count);
  (void)!next(file, bytes, count / 2);
  die();
  return -1;
}

int fsync(int file) {
  static const auto next = original<int (*)(int)>("fsync");
  return counted([&] { return next(file); });
}

int rename(const char* from, const char* to) {
  static const auto next = original<int (*)(const char*, const char*)>("rename");
  return counted([&] { return next(from, to); });
}

int link(const char* from, const char* to) {
  static const auto next = original<int (*)(const char*, const char*)>("link");
  return counted([&] { return next(from, to); });
}

}  // extern "C"
