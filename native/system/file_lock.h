#pragma once

#include <filesystem>
#include <functional>

namespace pumice::system {

/// Keeps other programs from doing the same at the same time: locks a file while it lives. The
/// system frees the lock of a program that dies.
class FileLock {
 public:
  /// Makes the file where there is none. `on_wait` is called where another program holds it.
  /// Throws Error when the file cannot be made.
  FileLock(const std::filesystem::path& path, const std::function<void()>& on_wait);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace pumice::system
