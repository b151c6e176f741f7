#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "native/commands/number_check.h"
#include "native/commands/open_model.h"
#include "native/commands/sweep/sweep_devices.h"
#include "native/commands/sweep/sweep_plan.h"
#include "native/commands/sweep/sweep_runner.h"
#include "native/sweeps/sweep_report.h"
#include "native/system/interrupts.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

SweepRunnerOptions runner_options(const SweepOptions& options, const Session& session,
                                  const std::vector<std::string>& devices, const SweepPlan& plan) {
  SweepRunnerOptions result{.jobs = options.jobs,
                            .together = options.together,
                            .devices = devices,
                            .share = plan.share,
                            .arguments = {},
                            .resume_arguments = {}};
  if (options.changed_data) result.resume_arguments = {"--changed-data"};
  if (!options.data.empty()) result.arguments = {"--data", options.data};
  if (session.validate) result.arguments.emplace_back("--validate");
  return result;
}

std::string resume_sweep_command(const SweepOptions& options, const Session& session,
                                 const SweepPlan& plan) {
  std::vector<std::string> words{"sweep", "--resume", plan.folder.path().string()};
  const auto add = [&](const char* option, const std::string& value, bool is_default) {
    if (!is_default) words.insert(words.end(), {option, value});
  };
  add("--jobs", fmt::to_string(options.jobs), options.jobs == 1);
  add("--together", fmt::to_string(options.together), options.together == 1);
  add("--devices", fmt::format("{}", fmt::join(options.devices, ",")), options.devices.empty());
  add("--array", options.array, options.array.empty());
  if (options.share) words.emplace_back("--share");
  return session.command(words, options.data);
}

size_t count(const std::vector<RunResult>& results, RunState state) {
  return static_cast<size_t>(std::ranges::count(results, state, &RunResult::state));
}

/// The runs that this process was to do.
std::vector<RunResult> own_results(const SweepPlan& plan, const std::vector<RunResult>& results) {
  std::vector<RunResult> own;
  for (size_t i = 0; i < results.size(); ++i) {
    if (plan.share.holds(i)) own.push_back(results[i]);
  }
  return own;
}

/// Reports the outcome; returns the exit code.
int conclude(const SweepOptions& options, const Session& session, const SweepPlan& plan,
             const std::vector<RunResult>& all) {
  const std::vector<RunResult> results = own_results(plan, all);
  const size_t cut = count(results, RunState::kShort);
  const size_t done = count(results, RunState::kDone) + cut;
  const size_t failed = count(results, RunState::kFailed);
  const std::string table = plan.folder.table("html");
  std::string text =
      fmt::format("\n{}\n\n{} of {}{} done{}; table, curves and samples: {}",
                  sweep_table(plan.sweep, all).text(), done, count_of(results.size(), "run"),
                  plan.share.text().empty() ? "" : " of share " + plan.share.text(),
                  cut == 0 ? "" : fmt::format(", {} short of the schedule", cut), table);
  json end{{"event", "end"}, {"runs", results.size()}, {"done", done},
           {"short", cut},   {"failed", failed},       {"table", table}};
  if (done < results.size()) {
    const std::string command = resume_sweep_command(options, session, plan);
    text += "\nresume with: " + command;
    end["resume"] = command;
  }
  session.print(text, end);
  if (done + failed < results.size()) return system::interrupted_exit_code();
  require(failed == 0, "sweep: {} of {} failed; {} says why", failed,
          count_of(results.size(), "run"), plan.folder.table("md").string());
  return 0;
}

int sweep(const SweepOptions& options, Session& session) {
  // Runs of processes that mpirun or srun started train by themselves: see ranks::join().
  setenv("PUMICE_ALONE", "1", 1);
  if (options.sweep.empty() == options.resume.empty()) {
    throw UsageError("sweep: expected a sweep or --resume FOLDER (see pumice sweep --help)");
  }
  const bool is_shared = options.share || !options.array.empty();
  if (is_shared && options.out.empty() && options.resume.empty()) {
    throw UsageError("sweep: --share and --array need --out FOLDER, which the processes share");
  }
  const std::vector<std::string> devices = devices_of(options.devices, session);
  SweepPlan plan = plan_of(options);
  std::vector<RunResult> results = results_of(plan);
  check_runs(options, session, devices.front(), plan, results);
  if (options.dry_run) {
    show_plan(session, plan, results);
    return 0;
  }
  begin(plan, results);
  session.print(fmt::format("sweep   {}: {}, {} done\n{}", plan.folder.path().string(),
                            count_of(results.size(), "run"),
                            count(results, RunState::kDone) + count(results, RunState::kShort),
                            schedule_text(plan, results)),
                {{"event", "start"},
                 {"sweep", plan.sweep.name},
                 {"folder", plan.folder.path().string()},
                 {"full_seconds", total_seconds(results)},
                 {"minutes", plan.sweep.minutes},
                 {"left_out", plan.sweep.left_out},
                 {"runs", results.size()}});
  const system::Interrupts interrupts;
  SweepRunner runner(session, plan.folder, plan.sweep, results,
                     runner_options(options, session, devices, plan));
  runner.go([&] { return interrupts.requested(); });
  return conclude(options, session, plan, runner.results());
}

// An empty variable of a script is a mistake, not the default.
std::string is_given(const std::string& text) { return text.empty() ? "expected a value" : ""; }

void add_sweep_options(CLI::App& command, SweepOptions& options) {
  command.add_option("SWEEP", options.sweep, "A built-in sweep's name, or a .toml file");
  CLI::Option* resume = command.add_option(
      "--resume", options.resume, "Resume the sweep in this folder; completed runs are kept");
  add_data_option(command, options.data);
  CLI::Option* out =
      command.add_option("--out", options.out,
                         "The sweep's folder; default: sweeps/NAME-N. One that holds the same "
                         "sweep is continued");
  CLI::Option* epochs = command.add_option("--epochs", options.epochs, "Epochs of each run");
  command
      .add_option("--minutes", options.minutes,
                  "Minutes of training for all runs together, in equal parts; runs whose part is "
                  "used end short of their schedules; 0: no limit")
      ->check(number_from(0));
  CLI::Option* seed = command.add_option(
      "--seed", options.seeds, "Run each configuration with each of these seeds: --seed 1,2,3");
  seed->delimiter(',')->allow_extra_args(false);
  CLI::Option* set = command.add_option(
      "--set", options.set, "Change a key of all recipes, one that the sweep does not vary");
  set->allow_extra_args(false)->type_name("KEY=VALUE");
  command.add_option("--jobs", options.jobs, "Processes at the same time")
      ->check(CLI::Range(1u, 64u))
      ->capture_default_str();
  command
      .add_option("--together", options.together,
                  "Runs on the same data that each process trains at the same time on the device, "
                  "if its memory suffices")
      ->check(CLI::Range(1u, 64u))
      ->capture_default_str();
  command
      .add_option(
          "--devices", options.devices,
          "Distribute the runs to these devices, --jobs processes on each: as for --device, "
          "separated by commas, or 'all': all GPUs, or all devices if there is no GPU")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(is_given)
      ->excludes(command.get_option("--device"));
  CLI::Option* share = command.add_flag(
      "--share", options.share,
      "Share the sweep with other processes that have the same folder, also on other machines: "
      "each takes whichever run is free, and continues those of processes that have died");
  command
      .add_option("--array", options.array,
                  "Do one of COUNT shares of the runs, for job arrays: 0/4 to 3/4")
      ->type_name("INDEX/COUNT")
      ->check(is_given)
      ->excludes(share);
  command.add_flag("--dry-run", options.dry_run, "Check and list the runs without training");
  command.add_flag("--changed-data", options.changed_data, "Resume even if the data has changed");
  for (CLI::Option* other : {out, epochs, seed, set}) resume->excludes(other);
}

}  // namespace

void add_sweep(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "sweep",
      "Trains many variants of a recipe, or the models of a study, and compares them. Ctrl-C stops "
      "after the step and saves; --resume continues from there.");
  auto options = std::make_shared<SweepOptions>();
  add_common_options(*command, session);
  add_sweep_options(*command, *options);
  command->footer(
      "Example:\n  pumice sweep sweep-vae-mnist --epochs 3 --jobs 2\n"
      "  pumice sweep report-d --minutes 30");
  command->callback([options, &session] { session.exit_code = sweep(*options, session); });
}

}  // namespace pumice::commands
