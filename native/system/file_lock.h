#pragma once

#include <filesystem>
#include <functional>
#include <optional>

namespace pumice::system {

/// An exclusive lock on a file, held for the object's lifetime. The system releases it when the
/// process dies.
class FileLock {
 public:
  /// Creates the file if it is missing. Calls `on_wait` if another program holds the lock, and
  /// waits for it. Throws Error when the file cannot be created. On a file system without locks,
  /// nothing is locked.
  FileLock(const std::filesystem::path& path, const std::function<void()>& on_wait);
  /// Without waiting: absent if another process holds the lock. Throws Error when the file cannot
  /// be created or its file system has no locks.
  static std::optional<FileLock> try_take(const std::filesystem::path& path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;

 private:
  explicit FileLock(const std::filesystem::path& path);

  int file_ = -1;
};

}  // namespace pumice::system
