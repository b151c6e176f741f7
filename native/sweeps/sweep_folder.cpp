#include "native/sweeps/sweep_folder.h"

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/count_of.h"
#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "engine/io/json_text.h"
#include "engine/models/model.h"
#include "native/formats/metrics_csv.h"
#include "native/formats/origin.h"
#include "native/system/folder_lock.h"
#include "native/views/latest_metrics.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json to_json(const SweepRun& run) {
  json values = json::array();
  for (const SweepValue& value : run.values) values.push_back({value.key, value.shown});
  return {{"folder", run.folder}, {"values", values}, {"recipe", to_toml(run.recipe)}};
}

SweepRun run_from(const json& object, const std::string& where) {
  SweepRun run{.folder = object.at("folder"), .values = {}, .recipe = {}};
  for (const json& value : object.at("values")) {
    run.values.push_back({.key = value.at(0), .shown = value.at(1)});
  }
  run.recipe = parse_recipe(object.at("recipe").get<std::string>(), where + ": " + run.folder);
  return run;
}

void check_same(const Sweep& wanted, const Sweep& there, const fs::path& path) {
  const std::string advice = "choose another folder for the changed sweep (--out)";
  require(wanted.runs.size() == there.runs.size(),
          "{} holds another sweep, of {} instead of {}: {}", path.string(),
          count_of(there.runs.size(), "run"), wanted.runs.size(), advice);
  for (size_t i = 0; i < wanted.runs.size(); ++i) {
    const SweepRun& run = wanted.runs[i];
    require(run.values == there.runs[i].values && run.recipe == there.runs[i].recipe,
            "{} holds another sweep, whose run {} is not {}: {}", path.string(),
            there.runs[i].folder, run.label(), advice);
  }
}

double training_seconds(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return 0;
  const formats::MetricsTable table = formats::read_metrics(file);
  double seconds = 0;
  for (size_t column = 1; column < table.columns.size(); ++column) {
    if (table.columns[column] != "seconds") continue;
    for (const std::vector<double>& row : table.rows) seconds += row[column];
  }
  return seconds;
}

std::string failure_text(const fs::path& file) {
  std::string text = read_text(file);
  if (text.starts_with(kFailureMark)) text.erase(0, kFailureMark.size());
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

bool is_own_table(const fs::path& file) {
  if (formats::leaves_mark(file)) return formats::was_written_by_pumice(file);
  const std::string text = formats::beginning_of(file);
  return text.starts_with("run,") || text.starts_with("configuration,seeds,");
}

void read_run(const RunFolder& folder, const Recipe& recipe, RunResult& result) {
  const io::Checkpoint checkpoint = io::Checkpoint::read(folder.checkpoint());
  const io::TrainingRecord record = checkpoint.training();
  result.parameters = checkpoint.network().build()->parameter_count();
  result.epoch = record.epoch;
  result.metrics = record.metrics;
  for (const views::LatestMetric& metric : views::latest_metrics(record.metrics)) {
    result.last.push_back({fmt::format("{}_{}", metric.split, metric.name), metric.value});
  }
  result.seconds = training_seconds(folder.metrics());
  result.state = record.epoch < recipe.train.epochs ? RunState::kInterrupted : RunState::kDone;
}

}  // namespace

std::string_view name_of(RunState state) {
  switch (state) {
    case RunState::kNew:
      return "new";
    case RunState::kInterrupted:
      return "interrupted";
    case RunState::kDone:
      return "done";
    case RunState::kFailed:
      return "failed";
  }
  return "";
}

bool SweepFolder::holds_sweep() const {
  std::error_code ignored;
  return fs::exists(plan(), ignored);
}

void SweepFolder::require_free() const {
  std::error_code ignored;
  require(!fs::exists(path_, ignored) || fs::is_directory(path_, ignored),
          "{}: expected a folder for the sweep, found a file", path_.string());
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, ignored)) {
    require(entry.path() == system::lock_file(path_),
            "{} holds {}, not a sweep: choose another folder for the sweep (--out)", path_.string(),
            entry.path().filename().string());
  }
}

void SweepFolder::require_own_tables() const {
  if (!system::is_marked(path_) || system::is_of_earlier_version(path_)) return;
  std::error_code ignored;
  std::vector<fs::path> files{table("csv"), table("md"), table("html"), seeds()};
  for (const auto& entry : fs::directory_iterator(curves(), ignored)) files.push_back(entry.path());
  for (const fs::path& file : files) {
    require(!fs::exists(file, ignored) || is_own_table(file),
            "{}: Pumice did not write this file, and the sweep would overwrite it: move it away",
            file.string());
  }
}

void SweepFolder::begin(const Sweep& sweep) const {
  if (holds_sweep()) return check_same(sweep, read(), path_);
  json runs = json::array();
  for (const SweepRun& run : sweep.runs) runs.push_back(to_json(run));
  require_free();
  system::make_folder(path_);
  write_file_atomically(plan(),
                        io::json_text(json{{"name", sweep.name}, {"runs", runs}}, 2) + "\n");
}

Sweep SweepFolder::read() const {
  require(holds_sweep(), "{}: expected the folder of a sweep, found no {}", path_.string(),
          plan().filename().string());
  try {
    const json root = json::parse(read_text(plan()));
    Sweep sweep{.name = root.at("name"), .runs = {}};
    for (const json& run : root.at("runs")) sweep.runs.push_back(run_from(run, plan().string()));
    return sweep;
  } catch (const json::exception&) {
    fail(
        "{}: expected the runs of a sweep as 'pumice sweep' writes them, found a damaged file; "
        "start the sweep again in another folder (--out)",
        plan().string());
  }
}

RunResult SweepFolder::result(const SweepRun& run) const {
  RunResult result;
  const RunFolder folder = this->run(run);
  try {
    if (folder.holds_run()) read_run(folder, run.recipe, result);
  } catch (const std::exception& error) {
    result.state = RunState::kFailed;
    result.failure = error.what();
  }
  std::error_code ignored;
  // Prefer the damage as the reason: it causes what training then reports.
  if (result.state != RunState::kFailed && fs::exists(this->run(run).failure(), ignored)) {
    result.state = RunState::kFailed;
    result.failure = failure_text(this->run(run).failure());
  }
  return result;
}

void SweepFolder::prepare(const SweepRun& run) const {
  const RunFolder folder = this->run(run);
  if (!folder.was_written_by_run()) folder.require_free(true);
  const system::FolderLock lock(folder.path());
  const std::string recipe = to_toml(run.recipe);
  folder.require_resumable(recipe);
  std::error_code ignored;
  fs::remove(folder.failure(), ignored);
  write_file_atomically(folder.recipe(), recipe);
}

void SweepFolder::note_failure(const SweepRun& run, const std::string& message) const {
  const RunFolder folder = this->run(run);
  if (system::is_marked(folder.path())) {
    write_file_atomically(folder.failure(), std::string(kFailureMark) + message + "\n");
  }
}

}  // namespace pumice
