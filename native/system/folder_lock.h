#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace pumice::system {

/// Keeps other processes from writing to a run's or a sweep's folder for the object's lifetime, and
/// marks the folder as Pumice's: locks a file ".pumice" in it, which is never removed. The system
/// releases the lock when the process dies. On a file system without locks it only marks the
/// folder.
class FolderLock {
 public:
  /// Creates the folder if it is missing. Throws Error when that fails, when another process still
  /// holds the lock after `patience`, naming it, and when a ".pumice" exists that Pumice did not
  /// write.
  explicit FolderLock(const std::filesystem::path& folder,
                      std::chrono::milliseconds patience = std::chrono::milliseconds(0));
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  int file_ = -1;
};

/// The file that FolderLock locks.
std::filesystem::path lock_file(const std::filesystem::path& folder);

/// Whether a FolderLock was ever taken there.
bool is_marked(const std::filesystem::path& folder);

/// Whether the folder already had files when it was marked: those of an earlier version, which did
/// not mark its files.
bool is_of_earlier_version(const std::filesystem::path& folder);

/// Creates `parent`/<name>-N with the first free number from 1. Safe when several processes call it
/// at the same time: each gets a different folder. Throws Error when that fails.
std::filesystem::path make_numbered_folder(const std::filesystem::path& parent,
                                           const std::string& name);

/// Creates the folder if it is missing. Throws Error when that fails.
void make_folder(const std::filesystem::path& folder);

}  // namespace pumice::system
