#include "native/sweeps/sweep_folder.h"

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/count_of.h"
#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "engine/io/json_text.h"
#include "engine/io/json_whole.h"
#include "native/formats/file_version.h"
#include "native/formats/origin.h"
#include "native/sweeps/study_json.h"
#include "native/system/folder_lock.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr uint32_t kVersion = 2;  // of sweep.json; files of version 1 do not name it

json to_json(const SweepRun& run) {
  json values = json::array();
  for (const SweepValue& value : run.values) values.push_back({value.key, value.shown});
  json object{{"folder", run.folder}, {"values", values}, {"recipe", to_toml(run.recipe)}};
  if (!run.name.empty()) object.update({{"name", run.name}, {"given", run.given}});
  return object;
}

// A plan from a stranger must not lead out of its folder.
void require_plain(const std::string& folder, const std::string& where) {
  const fs::path path(folder);
  require(!folder.empty() && path.filename() == path && folder != "." && folder != "..",
          "{}: expected the name of a run's folder, found '{}'", where, folder);
}

SweepRun run_from(const json& object, const std::string& where) {
  SweepRun run{.folder = object.at("folder"), .values = {}, .recipe = {}};
  require_plain(run.folder, where);
  for (const json& value : object.at("values")) {
    run.values.push_back({.key = value.at(0), .shown = value.at(1)});
  }
  run.name = object.value("name", "");
  run.given = object.value("given", "");
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
    require(run.values == there.runs[i].values && run.recipe == there.runs[i].recipe &&
                run.name == there.runs[i].name,
            "{} holds another sweep, whose run {} is not {}: {}", path.string(),
            there.runs[i].folder, run.label(), advice);
  }
}

bool is_own_table(const fs::path& file) {
  if (formats::leaves_mark(file)) return formats::was_written_by_pumice(file);
  const std::string text = formats::beginning_of(file);
  return text.starts_with("run,") || text.starts_with("configuration,seeds,");
}

}  // namespace

bool SweepFolder::holds_sweep() const {
  std::error_code ignored;
  return fs::exists(plan(), ignored);
}

void SweepFolder::require_fits(const Sweep& sweep) const {
  holds_sweep() ? check_same(sweep, read(), path_) : require_free();
}

// A new sweep's folder is missing or empty, unless another process has just begun the sweep there.
void SweepFolder::require_free() const {
  std::error_code ignored;
  require(!fs::exists(path_, ignored) || fs::is_directory(path_, ignored),
          "{}: expected a folder for the sweep, found a file", path_.string());
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, ignored)) {
    const bool is_own = entry.path() == system::lock_file(path_) || entry.path() == turn();
    require(is_own || holds_sweep(),
            "{} holds {}, not a sweep: choose another folder for the sweep (--out)", path_.string(),
            entry.path().filename().string());
  }
}

void SweepFolder::require_own_tables() const {
  if (!system::is_marked(path_) || system::is_of_earlier_version(path_)) return;
  std::error_code ignored;
  std::vector<fs::path> files{table("csv"), table("md"), table("html"), seeds(), comparison()};
  for (const auto& entry : fs::directory_iterator(curves(), ignored)) files.push_back(entry.path());
  for (const fs::path& file : files) {
    require(!fs::exists(file, ignored) || is_own_table(file),
            "{}: Pumice did not write this file, and the sweep would overwrite it: move it away",
            file.string());
  }
}

void SweepFolder::begin(const Sweep& sweep) const {
  require_fits(sweep);
  json runs = json::array();
  for (const SweepRun& run : sweep.runs) runs.push_back(to_json(run));
  system::make_folder(path_);
  const json object{{"version", kVersion},
                    {"name", sweep.name},
                    {"runs", runs},
                    {"study", to_json(sweep.study)},
                    {"minutes", sweep.minutes}};
  write_file_atomically(plan(), io::json_text(object, 2) + "\n");
}

Sweep SweepFolder::read() const {
  require(holds_sweep(), "{}: expected the folder of a sweep, found no {}", path_.string(),
          plan().filename().string());
  try {
    const json root = json::parse(read_text(plan()));
    formats::refuse_newer(root.contains("version") ? io::whole_at(root, "version") : 1, kVersion,
                          plan());
    Sweep sweep{.name = root.at("name"), .runs = {}};
    sweep.study = study_from(root.value("study", json::object()));
    sweep.minutes = root.value("minutes", 0.0);
    for (const json& run : root.at("runs")) sweep.runs.push_back(run_from(run, plan().string()));
    return sweep;
  } catch (const json::exception&) {
    fail(
        "{}: expected the runs of a sweep as 'pumice sweep' writes them, found a damaged file; "
        "start the sweep again in another folder (--out)",
        plan().string());
  }
}

RunResult SweepFolder::result(const Sweep& sweep, const SweepRun& run) const {
  return read_result(this->run(run), sweep, run);
}

void SweepFolder::read_again(const Sweep& sweep, const SweepRun& run, RunResult& result) const {
  RunResult now = this->result(sweep, run);
  if (now.parameters == 0) now.parameters = result.parameters;
  if (now.full_seconds == 0) now.full_seconds = result.full_seconds;
  result = std::move(now);
}

void SweepFolder::prepare(const SweepRun& run) const {
  const RunFolder folder = this->run(run);
  if (!folder.was_written_by_run()) folder.require_free(true);
  const system::FolderLock lock(folder.path());
  const std::string recipe = to_toml(run.recipe);
  folder.require_resumable(recipe);
  std::error_code ignored;
  fs::remove(folder.failure(), ignored);
  // A run that is resumed writes it with its minutes, which are not the plan's.
  if (!folder.holds_run()) write_file_atomically(folder.recipe(), recipe);
}

void SweepFolder::note_failure(const SweepRun& run, const std::string& message) const {
  const RunFolder folder = this->run(run);
  if (system::is_marked(folder.path())) {
    write_file_atomically(folder.failure(), std::string(kFailureMark) + message + "\n");
  }
}

}  // namespace pumice
