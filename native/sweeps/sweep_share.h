#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "native/sweeps/sweep_folder.h"
#include "native/system/file_lock.h"

namespace pumice {

/// How processes with the same folder divide a sweep's runs.
struct SweepShare {
  enum class Mode : uint8_t {
    kAlone,  ///< no other process may work on the sweep
    kAny,    ///< each process takes whichever run is free, until none is left
    kArray,  ///< each has its own runs: those with run % count == index
  };
  Mode mode = Mode::kAlone;
  uint32_t index = 0;
  uint32_t count = 1;

  bool is_shared() const { return mode != Mode::kAlone; }
  /// Whether the run with this place in the sweep is for this process.
  bool holds(size_t run) const { return run % count == index; }
  /// "INDEX/COUNT"; empty if the sweep is not divided so.
  std::string text() const;
};

/// Reads "INDEX/COUNT", with INDEX from 0 to COUNT - 1. Throws Error.
SweepShare parse_array(const std::string& text);

/// The runs that this process works on and no other does, in a folder that several share. The
/// system releases those of a process that dies.
class RunClaims {
 public:
  explicit RunClaims(const SweepFolder& folder) : folder_(folder.claims()) {}

  /// False if another process has the run. Throws Error on a file system without locks.
  bool take(const SweepRun& run);
  void give_back(const SweepRun& run) { held_.erase(run.folder); }

 private:
  std::filesystem::path folder_;
  std::map<std::string, system::FileLock> held_;
};

}  // namespace pumice
