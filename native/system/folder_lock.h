#pragma once

#include <filesystem>
#include <string>

namespace pumice::system {

/// Keeps other processes from writing to a run's or a sweep's folder while this lives, and marks
/// the folder as Pumice's own: a file ".pumice" in it is locked, and stays. The system frees the
/// lock of a process that dies. On a file system without locks it only marks.
class FolderLock {
 public:
  /// Makes the folder where there is none. Throws Error when that fails, when another process holds
  /// the lock, naming it, and when the ".pumice" there is somebody else's.
  explicit FolderLock(const std::filesystem::path& folder);
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

/// Whether there were files already when the folder was marked: those of an earlier version, which
/// left no mark in them.
bool is_of_earlier_version(const std::filesystem::path& folder);

/// Makes `parent`/<name>-1, or with the first number that is free: of several processes that ask at
/// the same time, each gets a folder of its own. Throws Error when that fails.
std::filesystem::path make_numbered_folder(const std::filesystem::path& parent,
                                           const std::string& name);

/// Makes the folder unless it is there. Throws Error when that fails.
void make_folder(const std::filesystem::path& folder);

}  // namespace pumice::system
