#pragma once

#include <span>
#include <string>
#include <vector>

#include "native/formats/plot.h"
#include "native/report/reported_run.h"

namespace pumice::report {

/// Points in their order, as at most `most` means of equally many neighbours; each stands where the
/// last of its neighbours does, as a point of steps.csv stands at the end of its steps.
std::vector<formats::Point> thinned(std::span<const formats::Point> points, size_t most);

/// A page with curves, images, networks and recipes of the runs, side by side; see
/// native/report/page.h. All images together stay below four million characters: for long runs
/// evenly spaced epochs are shown, and for large grids the first rows. Unreadable files are left
/// out with a note.
std::string report_page(std::span<const ReportedRun> runs);

/// The same for runs that train, which `state` describes: asks a server for "/state", and loads
/// itself anew when the answer is another.
std::string live_report_page(std::span<const ReportedRun> runs, std::string_view state);

/// Writes the page of one run, from the current content of its folder, to folder.report(). Throws
/// Error as write_file_atomically does.
void write_report(const RunFolder& folder);

}  // namespace pumice::report
