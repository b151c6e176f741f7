#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/count_of.h"
#include "native/commands/complete_run.h"
#include "native/commands/open_model.h"
#include "native/commands/output_file.h"
#include "native/sweeps/sweep_report.h"
#include "native/system/folder_lock.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;

struct ReportOptions {
  std::vector<std::string> runs;
  bool force = false;
  std::string out;
  std::string data;
};

fs::path output_of(const ReportOptions& options) {
  if (!options.out.empty()) {
    check_output_file(options.out, {".html", ".htm"}, options.force);
    return options.out;
  }
  if (options.runs.size() > 1) {
    require_replaceable("report.html", options.force);
    return "report.html";
  }
  const RunFolder folder = report::reported_run(options.runs[0]).folder;
  require_replaceable(folder.report(), options.force || folder.is_of_earlier_version());
  return folder.report();
}

/// Writes a sweep's tables, curves and comparison again, as after a run that was evaluated by hand.
void report_sweep(const ReportOptions& options, const SweepFolder& folder, const Session& session) {
  if (!options.out.empty()) {
    throw UsageError("report: a sweep's tables are written into its folder: leave --out out");
  }
  const system::FolderLock lock(folder.path());
  folder.require_own_tables();
  const Sweep sweep = folder.read();
  std::vector<RunResult> results;
  for (const SweepRun& run : sweep.runs) results.push_back(folder.result(sweep, run));
  write_sweep_report(folder, sweep, results);
  session.print(fmt::format("wrote {} and the other tables of {}", folder.table("html").string(),
                            count_of(results.size(), "run")),
                {{"out", folder.table("html").string()}, {"runs", results.size()}});
}

void report(const ReportOptions& options, Session& session) {
  const SweepFolder sweep(options.runs[0]);
  if (options.runs.size() == 1 && sweep.holds_sweep()) return report_sweep(options, sweep, session);
  const fs::path out = output_of(options);
  // If a model cannot be opened, the page does without; a device named with --device must exist.
  if (!session.device.empty()) session.open_device();
  std::vector<report::ReportedRun> runs;
  for (const std::string& path : options.runs)
    runs.push_back(complete_run(path, options.data, session));
  report::distinguish_names(runs);
  const std::string page = report::report_page(runs);
  write_file_atomically(out, page);
  session.print(fmt::format("wrote {}: {} {}, {} kB", out.string(), runs.size(),
                            runs.size() == 1 ? "run" : "runs side by side", page.size() / 1000),
                {{"out", out.string()}, {"runs", runs.size()}, {"bytes", page.size()}});
}

}  // namespace

void add_report(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "report",
      "Writes a page with the curves, images, networks and recipes of runs, side by side; or a "
      "sweep's tables.");
  auto options = std::make_shared<ReportOptions>();
  command
      ->add_option("RUN", options->runs, "Runs' folders, or their checkpoints; or a sweep's folder")
      ->required();
  command->add_option("--out", options->out,
                      "The page to write (HTML); default: report.html in the run's folder, for "
                      "several runs in the current folder");
  add_force_option(*command, options->force);
  add_data_option(*command, options->data);
  add_common_options(*command, session);
  command->footer(
      "Example:\n  pumice report runs/vae-mlp-mnist-1 runs/vae-mlp-mnist-2 --out both.html");
  command->callback([options, &session] { report(*options, session); });
}

}  // namespace pumice::commands
