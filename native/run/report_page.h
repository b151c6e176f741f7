#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "native/report/picture.h"
#include "native/run/run_folder.h"

namespace pumice {

/// A run that a report shows: what its folder holds, and what was drawn for the report where the
/// folder lacks it.
struct ReportedRun {
  RunFolder folder;
  std::string name;
  std::optional<report::Picture> samples = {};  ///< of a run that stopped in its first epoch
  std::optional<report::Picture> interpolation = {};
  std::optional<report::Picture> latents = {};
  std::vector<std::string> notes = {};  ///< what is missing, and why
};

/// The run in a folder, or that of the folder's checkpoint. Throws Error where there is none:
/// neither metrics nor a checkpoint.
ReportedRun reported_run(const std::filesystem::path& folder_or_checkpoint);

/// Gives runs of one name their paths for names.
void tell_apart(std::span<ReportedRun> runs);

/// A page of curves, pictures, networks and recipes of the runs, side by side; see
/// native/report/page.h. Of a run of less than three epochs there are curves by step, too. All
/// pictures together stay below four million characters: of long runs some epochs are shown, evenly
/// spread, and of large pictures the first rows. What cannot be read is left out with a note.
std::string report_page(std::span<const ReportedRun> runs);

/// Writes the page of one run, as its folder is, to folder.report(). Throws Error as
/// write_file_atomically does.
void write_report(const RunFolder& folder);

}  // namespace pumice
