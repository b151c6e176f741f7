#include "native/commands/sweep_runner.h"

#include <unistd.h>

#include <algorithm>
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

/// A run that is being trained or evaluated.
struct SweepRunner::Job {
  Job(size_t index, Work work, std::vector<std::string> words)
      : index(index), work(work), process(std::move(words)) {}

  size_t index;
  Work work;
  system::ChildProcess process;
  uint32_t epoch = 0;
  std::string last_note;  ///< not shown yet; if the run fails, the reason
};

SweepRunner::SweepRunner(const Session& session, const SweepFolder& folder, const Sweep& sweep,
                         std::vector<RunResult> results, const SweepRunnerOptions& options)
    : session_(session),
      folder_(folder),
      sweep_(sweep),
      results_(std::move(results)),
      words_(session, folder, sweep, options),
      jobs_at_once_(options.jobs) {}

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
    start(index);
    return true;
  }
  while (next_ < results_.size() && is_finished(results_[next_].state)) ++next_;
  if (next_ == results_.size()) return false;
  start(next_++);
  return true;
}

void SweepRunner::start(size_t index) {
  const SweepRun& run = sweep_.runs[index];
  try {
    folder_.prepare(run);
  } catch (const Error& error) {
    return skip(index, error.what());
  }
  // A failure that has been removed may be one of the evaluation.
  const bool is_trained = folder_.result(sweep_, run).state == RunState::kTrained;
  const Work work = is_trained ? Work::kEvaluate : Work::kTrain;
  jobs_.emplace_back(index, work, is_trained ? words_.evaluate(run) : words_.train(run));
  tell(index, is_trained ? "evaluating" : "started", is_trained ? "evaluate" : "run");
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
    if (!job.last_note.empty() && job.work == Work::kTrain) tell(job.index, job.last_note, "note");
    job.last_note = without_prefix(line);
  }
}

void SweepRunner::hear(Job& job, const std::string& line) {
  json event = json::parse(line, nullptr, false);
  if (!event.is_object() || event.value("event", "") != "epoch") return;
  job.epoch = event["epoch"];
  event["run"] = sweep_.runs[job.index].folder;
  if (session_.json) session_.print("", event);
}

void SweepRunner::finish(Job& job) {
  const SweepRun& run = sweep_.runs[job.index];
  const int code = job.process.exit_code();
  std::string failure;
  if (code != 0 && !system::is_interrupted_exit_code(code)) {
    failure = job.last_note.empty() ? fmt::format("ended with exit code {}", code) : job.last_note;
    if (job.work == Work::kEvaluate) failure = "evaluate: " + failure;
    folder_.note_failure(run, failure);
  } else if (!job.last_note.empty() && job.work == Work::kTrain) {
    tell(job.index, job.last_note, "note");
  }
  RunResult& result = results_[job.index];
  const uint64_t parameters = result.parameters;
  result = folder_.result(sweep_, run);
  if (result.parameters == 0) result.parameters = parameters;  // it failed before saving any
  conclude(job, failure);
}

void SweepRunner::conclude(const Job& job, const std::string& failure) {
  RunResult& result = results_[job.index];
  if (!failure.empty() && result.failure.empty()) {
    result.state = RunState::kFailed;
    result.failure = failure;
  }
  write_sweep_report(folder_, sweep_, results_);
  if (result.state == RunState::kTrained && job.work == Work::kTrain) {
    trained_.push_back(job.index);
  }
  std::string text(name_of(result.state));
  if (!result.failure.empty()) text += ": " + result.failure;
  if (is_finished(result.state) || result.state == RunState::kTrained) {
    const uint32_t planned = sweep_.runs[job.index].recipe.train.epochs;
    text += result.epochs < planned ? fmt::format(" after {} of {}", epochs_text(result.epochs),
                                                  count_of(planned, "epoch"))
                                    : "";
    text += fmt::format(" in {}{}", system::duration_text(result.seconds), metrics_text(result));
  }
  tell(job.index, text, "run_end");
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
    const SweepRun& run = sweep_.runs[job.index];
    line += job.work == Work::kEvaluate ? fmt::format(" | {}: evaluating", run.label())
                                        : fmt::format(" | {}: {} of {}", run.label(), job.epoch,
                                                      count_of(run.recipe.train.epochs, "epoch"));
  }
  system::print(stdout,
                fmt::format("\r{}\x1b[K", line.substr(0, system::terminal_width(stdout) - 1)));
}

}  // namespace pumice::commands
