#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "native/formats/picture.h"
#include "native/training/run_folder.h"

namespace pumice::report {

/// A run that a report shows: what its folder holds, and what was drawn for the report where the
/// folder lacks it.
struct ReportedRun {
  RunFolder folder;
  std::string name;
  std::optional<formats::Picture> samples = {};  ///< of a run that stopped in its first epoch
  std::optional<formats::Picture> interpolation = {};
  std::optional<formats::Picture> latents = {};
  std::vector<std::string> notes = {};  ///< what is missing, and why
};

/// The run in a folder, or that of the folder's checkpoint. Throws Error where there is none:
/// neither metrics nor a checkpoint.
ReportedRun reported_run(const std::filesystem::path& folder_or_checkpoint);

/// Gives runs of one name their paths for names.
void tell_apart(std::span<ReportedRun> runs);

}  // namespace pumice::report
