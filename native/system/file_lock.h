#pragma once

#include <filesystem>
#include <functional>

namespace pumice::system {

/// An exclusive lock on a file, held for the object's lifetime. The system releases it when the
/// process dies.
class FileLock {
 public:
  /// Creates the file if it is missing. Calls `on_wait` if another program holds the lock, and
  /// waits for it. Throws Error when the file cannot be created.
  FileLock(const std::filesystem::path& path, const std::function<void()>& on_wait);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace pumice::system
