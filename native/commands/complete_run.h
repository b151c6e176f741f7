#pragma once

#include "native/commands/session.h"
#include "native/report/report_page.h"

namespace pumice::commands {

/// The run in a folder for a report, with what training draws at its end or where it stops: runs
/// that were interrupted, or are older, lack it. `data`: the folder of the data set's files, may be
/// empty. What cannot be drawn is left out with a note. Throws Error where there is no run.
report::ReportedRun complete_run(const std::filesystem::path& folder, const std::string& data,
                                 Session& session);

}  // namespace pumice::commands
