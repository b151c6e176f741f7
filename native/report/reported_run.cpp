#include "native/report/reported_run.h"

#include <algorithm>
#include <system_error>

#include "engine/base/require.h"

namespace pumice::report {

namespace fs = std::filesystem;

ReportedRun reported_run(const fs::path& folder_or_checkpoint) {
  fs::path path = folder_or_checkpoint;
  if (path.filename() == RunFolder("").checkpoint()) path = folder_holding(path);
  const RunFolder folder(path);
  std::error_code ignored;
  require(fs::exists(folder.metrics(), ignored) || folder.holds_run(),
          "{}: expected the folder of a run, found no {} and no {} in it", path.string(),
          folder.metrics().filename().string(), folder.checkpoint().filename().string());
  return {.folder = folder, .name = fs::weakly_canonical(path).filename()};
}

void distinguish_names(std::span<ReportedRun> runs) {
  std::vector<std::string> names;
  for (const ReportedRun& run : runs) names.push_back(run.name);
  for (size_t i = 0; i < runs.size(); ++i) {
    if (std::ranges::count(names, names[i]) > 1) runs[i].name = runs[i].folder.path().string();
  }
}

}  // namespace pumice::report
