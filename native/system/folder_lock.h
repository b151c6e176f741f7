#pragma once

#include <filesystem>
#include <string>

#include "engine/base/require.h"

namespace pumice::system {

/// Another process holds a folder's lock.
class FolderInUse : public Error {
 public:
  using Error::Error;
};

/// Keeps other processes from writing to a run's or a sweep's folder for the object's lifetime, and
/// marks the folder as Pumice's: locks a file ".pumice" in it, which is never removed. The system
/// releases the lock when the process dies. On a file system without locks it only marks the
/// folder.
class FolderLock {
 public:
  enum class Access : uint8_t {
    kAlone,
    kShared,  ///< other processes may hold the lock, too, if theirs is shared
  };

  /// Creates the folder if it is missing. Throws FolderInUse when another process holds the lock,
  /// naming it, and Error when that fails or a ".pumice" exists that Pumice did not write.
  explicit FolderLock(const std::filesystem::path& folder, Access access = Access::kAlone);
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
