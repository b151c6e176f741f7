#pragma once

#include "native/sweeps/sweep_file.h"
#include "native/sweeps/sweep_toml.h"

namespace pumice {

/// The keys of a sweep's file that make it a study. Throw Error, "file:line:column: …".
std::vector<ListedRun> read_listed_runs(const TomlFile& file, const std::string& default_recipe);
Study read_study(const TomlFile& file);

/// Those keys at the top of the file.
inline constexpr const char* kStudyKeys[] = {"source", "gives",    "concludes",
                                             "shows",  "evaluate", "run"};

}  // namespace pumice
