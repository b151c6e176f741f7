#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <optional>

#include "native/commands/sweep/sweep_queue.h"
#include "native/commands/sweep/sweep_words.h"
#include "native/system/child_process.h"

namespace pumice::commands {

/// Trains the remaining runs of a sweep and evaluates those that its study measures, in processes
/// of their own: a failure that ends one of them, such as a lost device or too little memory, does
/// not end the others. Keeps the sweep's tables and images up to date and reports progress. Waits
/// for runs that other processes work on.
class SweepRunner {
 public:
  /// All arguments must outlive this.
  SweepRunner(const Session& session, const SweepFolder& folder, const Sweep& sweep,
              std::vector<RunResult> results, const SweepRunnerOptions& options);
  ~SweepRunner();

  /// Works until all runs are done or have failed, or until `stop` returns true; then the active
  /// runs finish their step and save. Ends with the sweep's tables. Throws Error when a file cannot
  /// be written.
  void go(const std::function<bool()>& stop);

  const std::vector<RunResult>& results() const { return results_; }

 private:
  struct Job;
  using Clock = std::chrono::steady_clock;
  void fill(const std::function<bool()>& stop);
  bool start_next();
  std::string free_device() const;
  double minutes_of_next(const SweepRun& run) const;
  void write_report();
  void read_lines(Job& job);
  void hear(Job& job, const std::string& line);
  std::optional<size_t> run_in(const Job& job, const std::string& folder) const;
  void finish(const Job& job);
  std::string failure_of(const Job& job, size_t index) const;
  void conclude(size_t index, const std::string& failure);
  void tell(size_t index, const std::string& text, const std::string& event);
  void draw_status() const;

  const Session& session_;
  const SweepFolder& folder_;
  const Sweep& sweep_;
  std::vector<RunResult> results_;
  SweepWords words_;
  size_t jobs_at_once_;
  size_t together_;
  std::vector<std::string> devices_;
  SweepShare share_;
  SweepQueue queue_;
  Clock::time_point retry_at_ = {};
  std::list<Job> jobs_;
};

}  // namespace pumice::commands
