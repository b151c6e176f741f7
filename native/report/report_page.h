#pragma once

#include <span>
#include <string>

#include "native/report/reported_run.h"

namespace pumice::report {

/// A page of curves, pictures, networks and recipes of the runs, side by side; see
/// native/report/page.h. Of a run of less than three epochs there are curves by step, too. All
/// pictures together stay below four million characters: of long runs some epochs are shown, evenly
/// spread, and of large pictures the first rows. What cannot be read is left out with a note.
std::string report_page(std::span<const ReportedRun> runs);

/// Writes the page of one run, as its folder is, to folder.report(). Throws Error as
/// write_file_atomically does.
void write_report(const RunFolder& folder);

}  // namespace pumice::report
