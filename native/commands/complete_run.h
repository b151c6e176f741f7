#pragma once

#include "native/commands/session.h"
#include "native/report/report_page.h"

namespace pumice::commands {

/// Reads the run in a folder for a report and draws what training draws when it ends or stops if
/// the folder lacks it, as after an interruption or in runs of older versions. `data`: the folder
/// of the data set's files, may be empty. Images that cannot be drawn are left out with a note.
/// Throws Error when there is no run.
report::ReportedRun complete_run(const std::filesystem::path& folder, const std::string& data,
                                 Session& session);

}  // namespace pumice::commands
