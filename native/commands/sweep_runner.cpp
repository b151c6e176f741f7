#include "native/commands/sweep_runner.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
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
  Job(std::vector<size_t> runs, Work work, std::vector<std::string> words)
      : runs(std::move(runs)), work(work), process(std::move(words)) {}

  std::vector<size_t> runs;
  Work work;
  system::ChildProcess process;
  std::map<size_t, uint32_t> epochs;       ///< completed, by run
  std::map<size_t, std::string> failures;  ///< of single runs, while the others go on
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
      together_(options.together) {}

SweepRunner::~SweepRunner() = default;

void SweepRunner::go(const std::function<bool()>& stop) {
  bool stopping = false;
  while (true) {
    while (!stopping && !stop() && jobs_.size() < jobs_at_once_ && start_next()) {
    }
    if (jobs_.empty()) break;
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
}

bool SweepRunner::start_next() {
  if (!trained_.empty()) {
    const size_t index = trained_.front();
    trained_.pop_front();
    if (prepare(index)) start_evaluation(index);
    return true;
  }
  std::vector<size_t> runs;
  for (; next_ < results_.size() && runs.size() < together_; ++next_) {
    if (is_finished(results_[next_].state)) continue;
    const SweepRun& run = sweep_.runs[next_];
    if (!runs.empty() && !words_.may_share_process(sweep_.runs[runs.front()], run)) break;
    if (!prepare(next_)) continue;
    if (!is_trained(next_)) {
      runs.push_back(next_);
    } else if (runs.empty()) {
      start_evaluation(next_++);
      return true;
    } else {
      break;
    }
  }
  if (!runs.empty()) start_training(runs);
  return !runs.empty();
}

/// Whether the run's folder can be used.
bool SweepRunner::prepare(size_t index) try {
  folder_.prepare(sweep_.runs[index]);
  return true;
} catch (const Error& error) {
  skip(index, error.what());
  return false;
}

// A failure that has been removed may be one of the evaluation.
bool SweepRunner::is_trained(size_t index) const {
  return folder_.result(sweep_, sweep_.runs[index]).state == RunState::kTrained;
}

void SweepRunner::start_training(const std::vector<size_t>& indices) {
  std::vector<const SweepRun*> runs;
  for (size_t index : indices) runs.push_back(&sweep_.runs[index]);
  jobs_.emplace_back(indices, Work::kTrain, words_.train(runs));
  for (size_t index : indices) tell(index, "started", "run");
}

void SweepRunner::start_evaluation(size_t index) {
  jobs_.emplace_back(std::vector{index}, Work::kEvaluate, words_.evaluate(sweep_.runs[index]));
  tell(index, "evaluating", "evaluate");
}

// The folder is not ours to write to, so the failure is not recorded there.
void SweepRunner::skip(size_t index, const std::string& reason) {
  results_[index].state = RunState::kFailed;
  results_[index].failure = reason;
  tell(index, "failed: " + reason, "run_end");
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
    RunResult& result = results_[index];
    const uint64_t parameters = result.parameters;
    result = folder_.result(sweep_, sweep_.runs[index]);
    if (result.parameters == 0) result.parameters = parameters;  // it failed before saving any
    conclude(index, job.work, failure);
  }
  if (!has_failed && !job.last_note.empty() && job.work == Work::kTrain) {
    tell(job.runs.front(), job.last_note, "note");
  }
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

void SweepRunner::conclude(size_t index, Work work, const std::string& failure) {
  RunResult& result = results_[index];
  if (!failure.empty() && result.failure.empty()) {
    result.state = RunState::kFailed;
    result.failure = failure;
  }
  write_sweep_report(folder_, sweep_, results_);
  if (result.state == RunState::kTrained && work == Work::kTrain) trained_.push_back(index);
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
