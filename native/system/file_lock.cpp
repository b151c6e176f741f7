#include "native/system/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/base/require.h"

namespace pumice::system {

FileLock::FileLock(const std::filesystem::path& path, const std::function<void()>& on_wait)
    : file_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  require(file_ >= 0, "{}: cannot open: {}", path.string(), std::strerror(errno));
  if (flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  on_wait();
  while (flock(file_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

FileLock::~FileLock() { close(file_); }

}  // namespace pumice::system
