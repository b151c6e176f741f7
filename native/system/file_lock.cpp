#include "native/system/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/base/require.h"

namespace pumice::system {

FileLock::FileLock(const std::filesystem::path& path)
    : file_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  require(file_ >= 0, "{}: cannot open: {}", path.string(), std::strerror(errno));
}

FileLock::FileLock(const std::filesystem::path& path, const std::function<void()>& on_wait)
    : FileLock(path) {
  if (flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  on_wait();
  while (flock(file_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

std::optional<FileLock> FileLock::try_take(const std::filesystem::path& path) {
  FileLock lock(path);
  if (flock(lock.file_, LOCK_EX | LOCK_NB) == 0) return lock;
  require(errno == EWOULDBLOCK, "{}: cannot be locked, as processes need that share a folder: {}",
          path.string(), std::strerror(errno));
  return {};
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileLock::~FileLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace pumice::system
