#include "native/sweeps/sweep_folder.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/require.h"
#include "engine/nn/model.h"
#include "native/report/metrics_csv.h"
#include "native/run/latest_figures.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  require(!error, "{}: cannot create the folder: {}", path.string(), error.message());
}

std::string content_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

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
  const std::string advice = "give the changed sweep a folder of its own (--out)";
  require(wanted.runs.size() == there.runs.size(),
          "{} holds another sweep, of {} runs instead of {}: {}", path.string(), there.runs.size(),
          wanted.runs.size(), advice);
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
  const report::MetricsTable table = report::read_metrics(file);
  double seconds = 0;
  for (size_t column = 1; column < table.columns.size(); ++column) {
    if (table.columns[column] != "seconds") continue;
    for (const std::vector<double>& row : table.rows) seconds += row[column];
  }
  return seconds;
}

void read_run(const RunFolder& folder, const Recipe& recipe, RunResult& result) {
  const io::Checkpoint checkpoint = io::Checkpoint::read(folder.checkpoint());
  const io::TrainingRecord record = checkpoint.training();
  result.parameters = nn::Model(checkpoint.network()).parameter_count();
  result.epoch = record.epoch;
  result.figures = record.figures;
  for (const LatestFigure& figure : latest_figures(record.figures)) {
    result.last.push_back({fmt::format("{}_{}", figure.split, figure.name), figure.value});
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

void SweepFolder::begin(const Sweep& sweep) const {
  if (holds_sweep()) return check_same(sweep, read(), path_);
  json runs = json::array();
  for (const SweepRun& run : sweep.runs) runs.push_back(to_json(run));
  make_folder(path_);
  write_file_atomically(plan(), json{{"name", sweep.name}, {"runs", runs}}.dump(2) + "\n");
}

Sweep SweepFolder::read() const {
  require(holds_sweep(), "{}: expected the folder of a sweep, found no {}", path_.string(),
          plan().filename().string());
  try {
    const json root = json::parse(content_of(plan()));
    Sweep sweep{.name = root.at("name"), .runs = {}};
    for (const json& run : root.at("runs")) sweep.runs.push_back(run_from(run, plan().string()));
    return sweep;
  } catch (const json::exception&) {
    fail(
        "{}: expected the runs of a sweep as 'pumice sweep' writes them, found a damaged file; "
        "begin the sweep anew in another folder (--out)",
        plan().string());
  }
}

fs::path SweepFolder::failure(const SweepRun& run) const {
  return this->run(run).path() / "failure.txt";
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
  // Damage is the cause of what training then says of it.
  if (result.state != RunState::kFailed && fs::exists(failure(run), ignored)) {
    result.state = RunState::kFailed;
    result.failure = content_of(failure(run));
  }
  return result;
}

void SweepFolder::prepare(const SweepRun& run) const {
  std::error_code ignored;
  fs::remove(failure(run), ignored);
  make_folder(this->run(run).path());
  write_file_atomically(recipe(run), to_toml(run.recipe));
}

void SweepFolder::note_failure(const SweepRun& run, const std::string& message) const {
  write_file_atomically(failure(run), message);
}

SweepFolder next_sweep_folder(const std::string& name) {
  for (uint32_t number = 1;; ++number) {
    fs::path path = fs::path("sweeps") / fmt::format("{}-{}", name, number);
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return SweepFolder(path);
  }
}

}  // namespace pumice
