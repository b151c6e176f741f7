#include "native/commands/sweep_runner.h"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "native/sweeps/sweep_report.h"
#include "native/system/interrupts.h"
#include "native/system/print.h"
#include "native/system/progress.h"
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
  for (const views::LatestMetric& metric : latest) {
    if (tests && metric.split != "test") continue;
    text += fmt::format("  {}{} {:.5g}", tests ? "test " : "", metric.name, metric.value);
    if (metric.epoch != result.epoch) text += fmt::format(" (epoch {})", metric.epoch);
  }
  return text;
}

}  // namespace

/// A run that is being trained.
struct SweepRunner::Job {
  Job(size_t index, std::vector<std::string> words) : index(index), process(std::move(words)) {}

  size_t index;
  system::ChildProcess process;
  uint32_t epoch = 0;
  std::string last_note;  ///< not shown yet; if the run fails, the reason
};

SweepRunner::SweepRunner(const Session& session, const SweepFolder& folder, const Sweep& sweep,
                         std::vector<RunResult> results, SweepRunnerOptions options)
    : session_(session),
      folder_(folder),
      sweep_(sweep),
      results_(std::move(results)),
      options_(std::move(options)) {}

SweepRunner::~SweepRunner() = default;

void SweepRunner::go(const std::function<bool()>& stop) {
  bool stopping = false;
  while (true) {
    while (!stopping && !stop() && jobs_.size() < options_.jobs && start_next()) {
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
  while (next_ < results_.size() && results_[next_].state == RunState::kDone) ++next_;
  if (next_ == results_.size()) return false;
  const size_t index = next_++;
  const SweepRun& run = sweep_.runs[index];
  const RunFolder folder = folder_.run(run);
  try {
    folder_.prepare(run);
  } catch (const Error& error) {
    skip(index, error.what());
    return true;
  }
  std::vector<std::string> words{session_.program, "train"};
  if (folder.holds_run()) {
    words.insert(words.end(), {"--resume", folder.path().string()});
    words.insert(words.end(), options_.resume_arguments.begin(), options_.resume_arguments.end());
  } else {
    words.insert(words.end(), {"--out", folder.path().string()});
  }
  words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
  words.emplace_back("--json");
  // After "--", since its name may begin with a dash.
  if (!folder.holds_run()) words.insert(words.end(), {"--", folder.recipe().string()});
  jobs_.emplace_back(index, std::move(words));
  tell(index, "started", "run");
  return true;
}

// The folder is not ours to write to, so the failure is not recorded there.
void SweepRunner::skip(size_t index, const std::string& reason) {
  results_[index].state = RunState::kFailed;
  results_[index].failure = reason;
  tell(index, "failed: " + reason, "run_end");
}

void SweepRunner::read_lines(Job& job) {
  for (const std::string& line : job.process.new_lines(Stream::kOut)) hear(job, line);
  for (const std::string& line : job.process.new_lines(Stream::kErr)) {
    if (!job.last_note.empty()) tell(job.index, job.last_note, "note");
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
    folder_.note_failure(run, failure);
  } else if (!job.last_note.empty()) {
    tell(job.index, job.last_note, "note");
  }
  RunResult& result = results_[job.index];
  const uint64_t parameters = result.parameters;
  result = folder_.result(run);
  if (result.parameters == 0) result.parameters = parameters;  // it failed before saving any
  if (!failure.empty() && result.failure.empty()) {
    result.state = RunState::kFailed;
    result.failure = failure;
  }
  write_sweep_report(folder_, sweep_, results_);
  std::string text(name_of(result.state));
  if (!result.failure.empty()) text += ": " + result.failure;
  if (result.state == RunState::kDone) {
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
    return result.state == RunState::kDone;
  });
  std::string line = fmt::format("{} of {} done", done, count_of(results_.size(), "run"));
  for (const Job& job : jobs_) {
    const SweepRun& run = sweep_.runs[job.index];
    line += fmt::format(" | {}: {} of {}", run.label(), job.epoch,
                        count_of(run.recipe.train.epochs, "epoch"));
  }
  system::print(stdout,
                fmt::format("\r{}\x1b[K", line.substr(0, system::terminal_width(stdout) - 1)));
}

}  // namespace pumice::commands
