#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "engine/hal/device.h"
#include "engine/hal/tuning.h"

namespace pumice {

/// The choices that were measured on a device, as a JSON file: one for each device, kind of memory,
/// driver and version of program and kernels, so that a change of these measures anew.
class TuningFile {
 public:
  /// The file of this device in `folder`.
  TuningFile(const std::filesystem::path& folder, const hal::Limits& limits);

  const std::filesystem::path& path() const { return path_; }
  /// What it holds; nothing if it is missing. Calls `warn` with a line and returns nothing if it is
  /// damaged.
  hal::Tuning::Choices read(const std::function<void(const std::string&)>& warn) const;
  /// Replaces it atomically; creates the folder. Throws Error if that fails.
  void write(const hal::Tuning::Choices& choices) const;

 private:
  std::filesystem::path path_;
  std::string device_;  ///< name and driver, for readers of the file
};

}  // namespace pumice
