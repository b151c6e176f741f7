#pragma once

#include <string>
#include <vector>

#include "native/sweeps/sweep_folder.h"

namespace pumice {

/// What the study is after: its source, and what that gives and concludes. Empty without a source.
std::string study_markdown(const Study& study);
std::string study_html(const Study& study);

/// With what the runs were evaluated, for a line below their table; empty if none was.
std::string evaluation_note(const Sweep& sweep, const std::vector<RunResult>& results);

}  // namespace pumice
