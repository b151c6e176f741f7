#pragma once

#include <span>
#include <string>

#include "native/report/reported_run.h"

namespace pumice::report {

/// A page with curves, images, networks and recipes of the runs, side by side; see
/// native/report/page.h. Runs of fewer than three epochs also get curves by step. All images
/// together stay below four million characters: for long runs evenly spaced epochs are shown, and
/// for large grids the first rows. Unreadable files are left out with a note.
std::string report_page(std::span<const ReportedRun> runs);

/// Writes the page of one run, from the current content of its folder, to folder.report(). Throws
/// Error as write_file_atomically does.
void write_report(const RunFolder& folder);

}  // namespace pumice::report
