#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "native/commands/open_model.h"
#include "native/commands/sweep_runner.h"
#include "native/run/data_record.h"
#include "native/run/folder_lock.h"
#include "native/run/interrupts.h"
#include "native/run/load_data.h"
#include "native/run/training_run.h"
#include "native/sweeps/sweep_report.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

struct Options {
  std::string sweep;
  std::string resume;
  std::string data;
  std::string out;
  std::optional<uint32_t> epochs;
  std::vector<uint64_t> seeds;
  std::vector<std::string> set;
  uint32_t jobs = 1;
  bool dry_run = false;
  bool changed_data = false;
};

SweepChanges changes_of(const Options& options) {
  SweepChanges changes{.set = options.set, .seeds = options.seeds};
  if (options.epochs) changes.set.push_back(fmt::format("train.epochs={}", *options.epochs));
  return changes;
}

/// What to train where.
struct Plan {
  Sweep sweep;
  SweepFolder folder;  ///< of an empty path: one with a number, made when the sweep begins
  std::optional<FolderLock> lock = {};  ///< of a sweep that is resumed or has begun
};

Plan resumed_plan(const Options& options) {
  const SweepFolder folder(options.resume);
  Plan plan{.sweep = folder.read(), .folder = folder};
  if (!options.dry_run) plan.lock.emplace(folder.path());
  folder.require_own_tables();
  return plan;
}

Plan plan_of(const Options& options) {
  if (!options.resume.empty()) return resumed_plan(options);
  Plan plan{.sweep = load_sweep(options.sweep, changes_of(options)),
            .folder = SweepFolder(options.out)};
  if (options.out.empty()) return plan;
  if (!plan.folder.holds_sweep()) {
    plan.folder.require_free();
  } else {
    if (!options.dry_run) plan.lock.emplace(plan.folder.path());
    plan.folder.begin(plan.sweep);
    plan.folder.require_own_tables();
  }
  return plan;
}

std::vector<RunResult> results_of(const Plan& plan) {
  std::vector<RunResult> results(plan.sweep.runs.size());
  if (plan.folder.path().empty()) return results;
  for (size_t i = 0; i < results.size(); ++i) {
    results[i] = plan.folder.result(plan.sweep.runs[i]);
  }
  return results;
}

/// Takes the folder of a new sweep. What another process has done there meanwhile counts.
void begin(Plan& plan, std::vector<RunResult>& results) {
  if (plan.folder.path().empty()) {
    plan.folder = SweepFolder(make_numbered_folder("sweeps", plan.sweep.name));
  }
  if (plan.lock) return;
  plan.lock.emplace(plan.folder.path());
  plan.folder.begin(plan.sweep);
  for (size_t i = 0; i < results.size(); ++i) {
    const uint64_t parameters = results[i].parameters;
    results[i] = plan.folder.result(plan.sweep.runs[i]);
    results[i].parameters = parameters;
  }
}

// Also of runs that are done: they are compared with those that are left.
void check_data(const Options& options, const Session& session, const Plan& plan,
                const std::vector<RunResult>& results, const Recipe& recipe,
                const TrainingData& data) {
  for (size_t i = 0; i < results.size(); ++i) {
    const SweepRun& run = plan.sweep.runs[i];
    const bool has_trained =
        results[i].state == RunState::kDone || results[i].state == RunState::kInterrupted;
    const bool has_this_data =
        run.recipe.data == recipe.data && needs_labels(run.recipe) == needs_labels(recipe);
    if (!has_trained || !has_this_data) continue;
    require_same_data(io::Checkpoint::read(plan.folder.run(run).checkpoint()), run.recipe, data,
                      options.changed_data, session.say());
  }
}

// Builds every run that is left before the first one starts: an hour later is too late to hear that
// the last one cannot be. Notes their parameters.
void check_runs(const Options& options, Session& session, const Plan& plan,
                std::vector<RunResult>& results) {
  const Sweep& sweep = plan.sweep;
  const std::unique_ptr<hal::Device> device = session.open_device();
  std::optional<std::pair<Recipe::Data, bool>> loaded;
  TrainingData data;
  for (size_t i = 0; i < sweep.runs.size(); ++i) {
    if (results[i].state == RunState::kDone) continue;
    const Recipe& recipe = sweep.runs[i].recipe;
    try {
      const auto wanted = std::pair(recipe.data, needs_labels(recipe));
      if (loaded != wanted) {
        data = load_training_data(recipe, options.data, session.say());
        loaded = wanted;
        check_data(options, session, plan, results, recipe, data);
      }
      const TrainingRun run(*device, recipe, data, nullptr);
      results[i].parameters = run.model().model().parameter_count();
    } catch (const Error& error) {
      fail("{}: {}: {}", sweep.name, sweep.runs[i].label(), error.what());
    }
  }
}

std::string folder_text(const Plan& plan) {
  return plan.folder.path().empty() ? fmt::format("sweeps/{}-N", plan.sweep.name)
                                    : plan.folder.path().string();
}

void show_plan(const Session& session, const Plan& plan, const std::vector<RunResult>& results) {
  report::Table table({"run", "configuration", "state", "epochs", "parameters"});
  json runs = json::array();
  for (size_t i = 0; i < results.size(); ++i) {
    const SweepRun& run = plan.sweep.runs[i];
    const std::string state(name_of(results[i].state));
    table.add({fmt::to_string(i + 1), run.label(), state, fmt::to_string(run.recipe.train.epochs),
               fmt::to_string(results[i].parameters)});
    runs.push_back({{"run", run.folder},
                    {"configuration", run.label()},
                    {"state", state},
                    {"epochs", run.recipe.train.epochs},
                    {"parameters", results[i].parameters}});
  }
  session.print(fmt::format("{}: {} in {}\n\n{}", plan.sweep.name, count_of(results.size(), "run"),
                            folder_text(plan), table.text()),
                {{"sweep", plan.sweep.name}, {"folder", folder_text(plan)}, {"runs", runs}});
}

SweepRunnerOptions runner_options(const Options& options, const Session& session) {
  SweepRunnerOptions result{.jobs = options.jobs, .arguments = {}, .resume_arguments = {}};
  if (options.changed_data) result.resume_arguments = {"--changed-data"};
  if (!options.data.empty()) result.arguments = {"--data", options.data};
  if (!session.device.empty()) {
    result.arguments.insert(result.arguments.end(), {"--device", session.device});
  }
  if (session.validate) result.arguments.emplace_back("--validate");
  return result;
}

std::string resume_command(const Options& options, const Session& session, const Plan& plan) {
  return session.command({"sweep", "--resume", plan.folder.path().string()}, options.data);
}

size_t count(const std::vector<RunResult>& results, RunState state) {
  return static_cast<size_t>(
      std::count_if(results.begin(), results.end(),
                    [&](const RunResult& result) { return result.state == state; }));
}

/// Says how it ended; gives the exit code.
int conclude(const Options& options, const Session& session, const Plan& plan,
             const std::vector<RunResult>& results) {
  const size_t done = count(results, RunState::kDone);
  const size_t failed = count(results, RunState::kFailed);
  const std::string table = plan.folder.table("html");
  std::string text = fmt::format("\n{}\n\n{} of {} done; table, curves and samples: {}",
                                 sweep_table(plan.sweep, results).text(), done,
                                 count_of(results.size(), "run"), table);
  json end{{"event", "end"},
           {"runs", results.size()},
           {"done", done},
           {"failed", failed},
           {"table", table}};
  if (done < results.size()) {
    const std::string go_on = resume_command(options, session, plan);
    text += "\ngo on with: " + go_on;
    end["go_on"] = go_on;
  }
  session.print(text, end);
  if (done + failed < results.size()) return interrupted_exit_code();
  require(failed == 0, "sweep: {} of {} failed; {} says why", failed,
          count_of(results.size(), "run"), plan.folder.table("md").string());
  return 0;
}

int sweep(const Options& options, Session& session) {
  if (options.sweep.empty() == options.resume.empty()) {
    throw UsageError("sweep: expected a sweep or --resume FOLDER (see pumice sweep --help)");
  }
  Plan plan = plan_of(options);
  std::vector<RunResult> results = results_of(plan);
  check_runs(options, session, plan, results);
  if (options.dry_run) {
    show_plan(session, plan, results);
    return 0;
  }
  begin(plan, results);
  session.print(fmt::format("sweep   {}: {}, {} done\n", plan.folder.path().string(),
                            count_of(results.size(), "run"), count(results, RunState::kDone)),
                {{"event", "start"},
                 {"sweep", plan.sweep.name},
                 {"folder", plan.folder.path().string()},
                 {"runs", results.size()}});
  const Interrupts interrupts;
  SweepRunner runner(session, plan.folder, plan.sweep, results, runner_options(options, session));
  runner.go([&] { return interrupts.requested(); });
  write_sweep_report(plan.folder, plan.sweep, runner.results());
  return conclude(options, session, plan, runner.results());
}

void add_options(CLI::App& command, Options& options) {
  command.add_option("SWEEP", options.sweep, "A built-in sweep's name, or a .toml file");
  CLI::Option* resume = command.add_option("--resume", options.resume,
                                           "Continue the sweep in this folder: what is done stays");
  add_data_option(command, options.data);
  CLI::Option* out =
      command.add_option("--out", options.out,
                         "The sweep's folder; default: sweeps/NAME-N. One that holds the same "
                         "sweep is continued");
  CLI::Option* epochs =
      command.add_option("--epochs", options.epochs, "How often each run sees every picture");
  CLI::Option* seed = command.add_option("--seed", options.seeds,
                                         "Run each configuration with each of these: --seed 1,2,3");
  seed->delimiter(',')->allow_extra_args(false);
  CLI::Option* set = command.add_option("--set", options.set,
                                        "Change a key of all recipes that the sweep does not vary");
  set->allow_extra_args(false)->type_name("KEY=VALUE");
  command.add_option("--jobs", options.jobs, "Runs at the same time")
      ->check(CLI::Range(1u, 64u))
      ->capture_default_str();
  command.add_flag("--dry-run", options.dry_run, "Check and list the runs, and train none");
  command.add_flag("--changed-data", options.changed_data,
                   "Go on although the data is not what the runs began with");
  for (CLI::Option* other : {out, epochs, seed, set}) resume->excludes(other);
}

}  // namespace

void add_sweep(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "sweep",
      "Trains a recipe in many variants and compares them. Ctrl-C stops after the step and saves; "
      "--resume continues from there.");
  auto options = std::make_shared<Options>();
  add_options(*command, *options);
  add_common_options(*command, session);
  command->footer("Example:\n  pumice sweep sweep-vae-mnist --epochs 3 --jobs 2");
  command->callback([options, &session] { session.exit_code = sweep(*options, session); });
}

}  // namespace pumice::commands
