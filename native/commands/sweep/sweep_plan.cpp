#include "native/commands/sweep/sweep_plan.h"

#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "engine/base/table.h"
#include "native/evaluation/extractor.h"
#include "native/sweeps/run_evaluation.h"
#include "native/training/checkpoint_files.h"
#include "native/training/data_record.h"
#include "native/training/load_data.h"
#include "native/training/schedule_time.h"
#include "native/training/training_run.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

SweepChanges changes_of(const SweepOptions& options) {
  SweepChanges changes{.set = options.set, .seeds = options.seeds};
  if (options.epochs) changes.set.push_back(fmt::format("train.epochs={}", *options.epochs));
  return changes;
}

SweepShare share_of(const SweepOptions& options) {
  if (!options.array.empty()) return parse_array(options.array);
  return {.mode = options.share ? SweepShare::Mode::kAny : SweepShare::Mode::kAlone};
}

/// Locks the folder, and writes the sweep there or checks that it is the one that is there.
void take_folder(SweepPlan& plan) {
  using Access = system::FolderLock::Access;
  const bool is_shared = plan.share.is_shared();
  plan.lock.emplace(plan.folder.path(), is_shared ? Access::kShared : Access::kAlone);
  std::optional<system::FileLock> turn;
  if (is_shared) turn.emplace(plan.folder.turn(), [] {});
  plan.folder.begin(plan.sweep);
  plan.folder.require_own_tables();
}

SweepPlan resumed_plan(const SweepOptions& options) {
  const SweepFolder folder(options.resume);
  SweepPlan plan{.sweep = folder.read(), .folder = folder, .share = share_of(options)};
  if (options.minutes) plan.sweep.minutes = *options.minutes;
  if (options.dry_run) folder.require_own_tables();
  if (!options.dry_run) take_folder(plan);
  return plan;
}

// Includes completed runs: the remaining ones are compared with them.
void check_data(const SweepOptions& options, const Session& session, const SweepPlan& plan,
                const std::vector<RunResult>& results, const Recipe& recipe,
                const TrainingData& data) {
  for (size_t i = 0; i < results.size(); ++i) {
    const SweepRun& run = plan.sweep.runs[i];
    const bool has_trained =
        results[i].state != RunState::kNew && results[i].state != RunState::kFailed;
    if (!has_trained || !has_same_data(run.recipe, recipe)) continue;
    require_same_data(read_checkpoint(plan.folder.run(run).path()), run.recipe, data,
                      options.changed_data, session.notifier());
  }
}

/// A folder of images cannot stand for those of several data sets.
void require_one_data_set(const SweepOptions& options, const Sweep& sweep) {
  if (options.data.empty()) return;
  const Recipe::Data& first = sweep.runs.front().recipe.data;
  for (const SweepRun& run : sweep.runs) {
    const Recipe::Data& data = run.recipe.data;
    if (data.name == first.name && data.path == first.path) continue;
    const auto text = [](const Recipe::Data& of) {
      return of.path.empty() ? of.name : fmt::format("{} {}", of.name, of.path);
    };
    fail(
        "--data {}: the runs of {} have different images, {} and {}; put them into folders named "
        "after the data sets, and their parent into PUMICE_DATA",
        options.data, sweep.name, text(first), text(data));
  }
}

/// What evaluating the run would refuse after its training.
void check_evaluation(const SweepOptions& options, const Sweep& sweep, const SweepRun& run,
                      const data::ImageSet& test) {
  if (!is_evaluated(sweep, run)) return;
  const StudyEvaluation& wanted = sweep.study.evaluation;
  const ExtractorChoice extractor(wanted.extractor, run.recipe.data, options.data,
                                  {test.height, test.width, test.channels});
  extractor.require_enough(wanted.samples, "samples (evaluate.samples)");
  extractor.require_enough(test.count, "test images");
}

std::string folder_text(const SweepPlan& plan) {
  return plan.folder.path().empty() ? fmt::format("sweeps/{}-N", plan.sweep.name)
                                    : plan.folder.path().string();
}

}  // namespace

SweepPlan plan_of(const SweepOptions& options) {
  if (!options.resume.empty()) return resumed_plan(options);
  SweepPlan plan{.sweep = load_sweep(options.sweep, changes_of(options)),
                 .folder = SweepFolder(options.out),
                 .share = share_of(options)};
  plan.sweep.minutes = options.minutes.value_or(0);
  if (options.out.empty()) return plan;
  plan.folder.require_fits(plan.sweep);
  if (!plan.folder.holds_sweep()) return plan;
  if (options.dry_run) plan.folder.require_own_tables();
  if (!options.dry_run) take_folder(plan);
  return plan;
}

std::vector<RunResult> results_of(const SweepPlan& plan) {
  std::vector<RunResult> results(plan.sweep.runs.size());
  if (plan.folder.path().empty()) return results;
  for (size_t i = 0; i < results.size(); ++i) {
    results[i] = plan.folder.result(plan.sweep, plan.sweep.runs[i]);
  }
  return results;
}

void begin(SweepPlan& plan, std::vector<RunResult>& results) {
  if (plan.folder.path().empty()) {
    plan.folder = SweepFolder(system::make_numbered_folder("sweeps", plan.sweep.name));
  }
  if (plan.lock) return;
  take_folder(plan);
  std::vector<RunResult> now = results_of(plan);
  for (size_t i = 0; i < now.size(); ++i) {
    now[i].parameters = results[i].parameters;
    now[i].full_seconds = results[i].full_seconds;
  }
  results = std::move(now);
}

void check_runs(const SweepOptions& options, Session& session, const std::string& device_name,
                const SweepPlan& plan, std::vector<RunResult>& results) {
  const Sweep& sweep = plan.sweep;
  require_one_data_set(options, sweep);
  const std::unique_ptr<hal::Device> device = session.open_device_named(device_name);
  const Recipe* loaded = nullptr;  // whose data `data` is
  TrainingData data;
  for (size_t i = 0; i < sweep.runs.size(); ++i) {
    if (is_finished(results[i].state) || results[i].state == RunState::kTrained) continue;
    if (!plan.share.holds(i)) continue;
    const Recipe& recipe = sweep.runs[i].recipe;
    try {
      if (loaded == nullptr || !has_same_data(*loaded, recipe)) {
        data = load_training_data(recipe, options.data, session.notifier());
        loaded = &recipe;
        check_data(options, session, plan, results, recipe, data);
      }
      check_evaluation(options, sweep, sweep.runs[i], data.test);
      TrainingRun run(*device, recipe, data, nullptr);
      results[i].parameters = run.model().parameter_count();
      results[i].full_seconds = measure_schedule(run);
    } catch (const Error& error) {
      fail("{}: {}: {}", sweep.name, sweep.runs[i].label(), error.what());
    }
  }
}

double total_seconds(const std::vector<RunResult>& results) {
  double seconds = 0;
  for (const RunResult& result : results) seconds += result.full_seconds;
  return seconds;
}

std::string schedule_text(const SweepPlan& plan, const std::vector<RunResult>& results) {
  std::string text =
      fmt::format("full schedules: about {} of training on this device, measured over some steps\n",
                  long_duration_text(total_seconds(results)));
  if (plan.sweep.minutes > 0) {
    text += fmt::format("budget: {:.5g} minutes of training, {} for each of {}\n",
                        plan.sweep.minutes, long_duration_text(60 * plan.sweep.minutes_of_run()),
                        count_of(results.size(), "run"));
  }
  for (const std::string& run : plan.sweep.left_out) text += fmt::format("left out {}\n", run);
  return text;
}

void show_plan(const Session& session, const SweepPlan& plan,
               const std::vector<RunResult>& results) {
  Table table({"run", "configuration", "state", "epochs", "parameters", "time"});
  json runs = json::array();
  for (size_t i = 0; i < results.size(); ++i) {
    const SweepRun& run = plan.sweep.runs[i];
    const std::string state(name_of(results[i].state));
    const bool is_known = results[i].parameters > 0;  // not of other shares of an array
    table.add({fmt::to_string(i + 1), run.label(), state, fmt::to_string(run.recipe.train.epochs),
               is_known ? fmt::to_string(results[i].parameters) : "-",
               is_known ? long_duration_text(results[i].full_seconds) : "-"});
    runs.push_back({{"run", run.folder},
                    {"configuration", run.label()},
                    {"state", state},
                    {"epochs", run.recipe.train.epochs},
                    {"parameters", results[i].parameters},
                    {"full_seconds", results[i].full_seconds}});
  }
  session.print(
      fmt::format("{}: {} in {}\n\n{}\n{}", plan.sweep.name, count_of(results.size(), "run"),
                  folder_text(plan), table.text(), schedule_text(plan, results)),
      {{"sweep", plan.sweep.name}, {"folder", folder_text(plan)}, {"runs", runs}});
}

}  // namespace pumice::commands
