#include "native/commands/sweep/sweep_runner.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "native/sweeps/sweep_minutes.h"
#include "native/sweeps/sweep_report.h"
#include "native/system/interrupts.h"
#include "native/system/print.h"
#include "native/system/progress.h"
#include "native/training/run_length.h"
#include "native/views/latest_metrics.h"

namespace pumice::commands {
namespace {

using nlohmann::json;
using Stream = system::ChildProcess::Stream;

std::string without_prefix(const std::string& line) {
  const std::string prefix = "pumice: ";
  return line.starts_with(prefix) ? line.substr(prefix.size()) : line;
}

// A run's latest metrics: test metrics if it tests.
std::string metrics_text(const RunResult& result) {
  const std::vector<views::LatestMetric> latest = views::latest_metrics(result.metrics);
  const bool tests = !latest.empty() && latest.back().split == "test";
  std::string text;
  if (result.evaluation) {
    for (const EvaluatedMetric& metric : result.evaluation->metrics) {
      if (metric.name == "fid") text += "  FID " + metric_text(metric);
    }
  }
  for (const views::LatestMetric& metric : latest) {
    if (tests && metric.split != "test") continue;
    text += fmt::format("  {}{} {:.5g}", tests ? "test " : "", metric.name, metric.value);
    if (metric.epoch < result.metrics.back().epoch)
      text += fmt::format(" (epoch {})", metric.epoch);
  }
  return text;
}

}  // namespace

/// A process that trains runs or evaluates one.
struct SweepRunner::Job {
  Job(std::vector<size_t> runs, Work work, std::string device, std::vector<std::string> words)
      : runs(std::move(runs)), work(work), device(std::move(device)), process(std::move(words)) {}

  std::vector<size_t> runs;
  Work work;
  std::string device;
  double minutes = 0;  ///< of training for each of the runs; 0: no limit
  system::ChildProcess process;
  std::map<size_t, uint32_t> epochs;       ///< completed, by run
  std::map<size_t, std::string> failures;  ///< of single runs, while the others continue
  std::string last_note;                   ///< not shown yet; if the process fails, the reason
};

SweepRunner::SweepRunner(const Session& session, const SweepFolder& folder, const Sweep& sweep,
                         std::vector<RunResult> results, const SweepRunnerOptions& options)
    : session_(session),
      folder_(folder),
      sweep_(sweep),
      results_(std::move(results)),
      words_(session, folder, sweep, options),
      jobs_at_once_(options.jobs),
      together_(options.together),
      devices_(options.devices),
      share_(options.share),
      queue_(folder, sweep, results_, options.share,
             [this](size_t run, const std::string& text, const std::string& event) {
               tell(run, text, event);
             }) {}

SweepRunner::~SweepRunner() = default;

void SweepRunner::go(const std::function<bool()>& stop) {
  bool stopping = false;
  while (true) {
    if (!stopping) fill(stop);
    if (jobs_.empty() && (stopping || stop() || queue_.is_empty())) break;
    draw_status();
    std::vector<system::ChildProcess*> processes;
    for (Job& job : jobs_) processes.push_back(&job.process);
    system::ChildProcess::wait_for_any(processes);
    if (!stopping && stop()) {
      stopping = true;
      for (Job& job : jobs_) job.process.interrupt();
    }
    for (Job& job : jobs_) read_lines(job);
    // Asked once for each: one that ends between two questions would be dropped unfinished.
    jobs_.remove_if([this](Job& job) {
      const bool ended = job.process.has_ended();
      if (ended) finish(job);
      return ended;
    });
  }
  write_report();
}

/// As many processes as there is work and room for.
void SweepRunner::fill(const std::function<bool()>& stop) {
  if (Clock::now() < retry_at_) return;
  const size_t room = jobs_at_once_ * devices_.size();
  while (!stop() && jobs_.size() < room && start_next()) {
  }
  // Runs of other processes are looked at again after a while.
  if (jobs_.size() < room) retry_at_ = Clock::now() + std::chrono::seconds(1);
}

bool SweepRunner::start_next() {
  const auto may_share = [this](const SweepRun& a, const SweepRun& b) {
    return words_.may_share_process(a, b);
  };
  const std::optional<SweepQueue::Next> next = queue_.take(together_, may_share);
  if (!next) return false;
  const std::string device = free_device();
  std::vector<const SweepRun*> runs;
  for (size_t index : next->runs) runs.push_back(&sweep_.runs[index]);
  const bool trains = next->work == Work::kTrain;
  const double minutes = trains ? minutes_of_next(*runs[0]) : 0;
  Job& job = jobs_.emplace_back(
      next->runs, next->work, device,
      trains ? words_.train(runs, device, minutes) : words_.evaluate(*runs[0], device));
  job.minutes = minutes;
  std::string how = devices_.size() > 1 ? " on device " + device : "";
  constexpr double kWorthTelling = 1.05;
  if (trains && minutes > kWorthTelling * words_.minutes_of(*runs[0])) {
    how += fmt::format(", for {}, since others needed less",
                       system::duration_text(kSecondsPerMinute * minutes));
  }
  for (size_t index : next->runs) {
    tell(index, (trains ? "started" : "evaluating") + how, trains ? "run" : "evaluate");
  }
  return true;
}

/// One with the fewest processes.
std::string SweepRunner::free_device() const {
  const auto busy = [this](const std::string& device) {
    return std::ranges::count(jobs_, device, &Job::device);
  };
  return *std::ranges::min_element(devices_, {}, busy);
}

/// Its part, with what earlier runs left. Processes that share the sweep do not know what others
/// leave.
double SweepRunner::minutes_of_next(const SweepRun& run) const {
  if (sweep_.minutes == 0 || share_.is_shared()) return words_.minutes_of(run);
  std::map<size_t, double> active;
  for (const Job& job : jobs_) {
    for (size_t index : job.runs) {
      if (job.work == Work::kTrain) active[index] = job.minutes;
    }
  }
  return minutes_of_next_run(sweep_, results_, active);
}

/// Of all runs, also those of other processes.
void SweepRunner::write_report() {
  std::optional<system::FileLock> turn;
  if (share_.is_shared()) {
    turn.emplace(folder_.turn(), [] {});
    for (size_t i = 0; i < results_.size(); ++i) {
      if (results_[i].state != RunState::kFailed) {
        folder_.read_again(sweep_, sweep_.runs[i], results_[i]);
      }
    }
  }
  write_sweep_report(folder_, sweep_, results_);
}

// An evaluation prints its progress; only the reason of a failure is kept.
void SweepRunner::read_lines(Job& job) {
  for (const std::string& line : job.process.new_lines(Stream::kOut)) hear(job, line);
  for (const std::string& line : job.process.new_lines(Stream::kErr)) {
    if (!job.last_note.empty() && job.work == Work::kTrain) {
      tell(job.runs.front(), job.last_note, "note");
    }
    job.last_note = without_prefix(line);
  }
}

void SweepRunner::hear(Job& job, const std::string& line) {
  json event = json::parse(line, nullptr, false);
  if (!event.is_object() || !event.contains("run")) return;
  const std::optional<size_t> index = run_in(job, event["run"]);
  if (!index) return;
  const std::string name = event.value("event", "");
  if (name == "failed") job.failures[*index] = event.value("reason", "");
  if (name != "epoch") return;
  job.epochs[*index] = event["epoch"];
  event["run"] = sweep_.runs[*index].folder;
  if (session_.json) session_.print("", event);
}

std::optional<size_t> SweepRunner::run_in(const Job& job, const std::string& folder) const {
  for (size_t index : job.runs) {
    if (folder_.run(sweep_.runs[index]).path().string() == folder) return index;
  }
  return {};
}

void SweepRunner::finish(const Job& job) {
  bool has_failed = false;
  for (size_t index : job.runs) {
    const std::string failure = failure_of(job, index);
    if (!failure.empty()) folder_.note_failure(sweep_.runs[index], failure);
    has_failed |= !failure.empty();
    folder_.read_again(sweep_, sweep_.runs[index], results_[index]);
    conclude(index, failure);
    queue_.give_back(index, job.work);
  }
  if (!has_failed && !job.last_note.empty() && job.work == Work::kTrain) {
    tell(job.runs.front(), job.last_note, "note");
  }
  retry_at_ = {};
}

/// Why the run failed; empty if it did not.
std::string SweepRunner::failure_of(const Job& job, size_t index) const {
  const auto found = job.failures.find(index);
  if (found != job.failures.end()) return found->second;
  const int code = job.process.exit_code();
  if (code == 0 || system::is_interrupted_exit_code(code)) return "";
  const RunState state = folder_.result(sweep_, sweep_.runs[index]).state;
  const bool is_done = is_finished(state) || state == RunState::kTrained;
  if (job.work == Work::kTrain && is_done) return "";
  const std::string reason =
      job.last_note.empty() ? fmt::format("ended with exit code {}", code) : job.last_note;
  return job.work == Work::kEvaluate ? "evaluate: " + reason : reason;
}

void SweepRunner::conclude(size_t index, const std::string& failure) {
  RunResult& result = results_[index];
  if (!failure.empty() && result.failure.empty()) {
    result.state = RunState::kFailed;
    result.failure = failure;
  }
  write_report();
  std::string text(name_of(result.state));
  if (!result.failure.empty()) text += ": " + result.failure;
  if (is_finished(result.state) || result.state == RunState::kTrained) {
    const uint32_t planned = sweep_.runs[index].recipe.train.epochs;
    text += result.epochs < planned ? fmt::format(" after {} of {}", epochs_text(result.epochs),
                                                  count_of(planned, "epoch"))
                                    : "";
    text += fmt::format(" in {}{}", system::duration_text(result.seconds), metrics_text(result));
  }
  tell(index, text, "run_end");
}

void SweepRunner::tell(size_t index, const std::string& text, const std::string& event) {
  const SweepRun& run = sweep_.runs[index];
  const char* clear_status = isatty(fileno(stdout)) != 0 ? "\r\x1b[K" : "";
  const std::string line = fmt::format("{}[{}/{}] {}: {}", clear_status, index + 1,
                                       sweep_.runs.size(), run.label(), text);
  session_.print(line, {{"event", event},
                        {"run", run.folder},
                        {"state", name_of(results_[index].state)},
                        {"text", text}});
}

void SweepRunner::draw_status() const {
  if (session_.json || isatty(fileno(stdout)) == 0) return;
  const auto done = std::count_if(results_.begin(), results_.end(), [](const RunResult& result) {
    return is_finished(result.state);
  });
  std::string line = fmt::format("{} of {} done", done, count_of(results_.size(), "run"));
  for (const Job& job : jobs_) {
    for (size_t index : job.runs) {
      const SweepRun& run = sweep_.runs[index];
      const auto epoch = job.epochs.find(index);
      line += job.work == Work::kEvaluate
                  ? fmt::format(" | {}: evaluating", run.label())
                  : fmt::format(" | {}: {} of {}", run.label(),
                                epoch == job.epochs.end() ? 0 : epoch->second,
                                count_of(run.recipe.train.epochs, "epoch"));
    }
  }
  system::print(stdout,
                fmt::format("\r{}\x1b[K", line.substr(0, system::terminal_width(stdout) - 1)));
}

}  // namespace pumice::commands
