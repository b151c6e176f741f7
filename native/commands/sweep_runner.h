#pragma once

#include <deque>
#include <list>
#include <memory>
#include <optional>

#include "native/commands/sweep_words.h"
#include "native/system/child_process.h"

namespace pumice::commands {

/// What a process of a sweep does with a run.
enum class Work : uint8_t { kTrain, kEvaluate };

/// Trains the remaining runs of a sweep and evaluates those that its study measures, in processes
/// of their own: a failure that ends one of them, such as a lost device or too little memory, does
/// not end the others. Keeps the sweep's tables and images up to date and reports progress.
class SweepRunner {
 public:
  /// All arguments must outlive this.
  SweepRunner(const Session& session, const SweepFolder& folder, const Sweep& sweep,
              std::vector<RunResult> results, const SweepRunnerOptions& options);
  ~SweepRunner();

  /// Works until all runs are done or have failed, or until `stop` returns true; then the active
  /// runs finish their step and save. Throws Error when a file cannot be written.
  void go(const std::function<bool()>& stop);

  const std::vector<RunResult>& results() const { return results_; }

 private:
  struct Job;
  bool start_next();
  void start_training(const std::vector<size_t>& runs);
  void start_evaluation(size_t index);
  bool prepare(size_t index);
  bool is_trained(size_t index) const;
  void read_lines(Job& job);
  void hear(Job& job, const std::string& line);
  std::optional<size_t> run_in(const Job& job, const std::string& folder) const;
  void finish(const Job& job);
  std::string failure_of(const Job& job, size_t index) const;
  void conclude(size_t index, Work work, const std::string& failure);
  void skip(size_t index, const std::string& reason);
  void tell(size_t index, const std::string& text, const std::string& event);
  void draw_status() const;

  const Session& session_;
  const SweepFolder& folder_;
  const Sweep& sweep_;
  std::vector<RunResult> results_;
  SweepWords words_;
  size_t jobs_at_once_;
  size_t together_;
  size_t next_ = 0;
  std::deque<size_t> trained_;  ///< runs to be evaluated
  std::list<Job> jobs_;
};

}  // namespace pumice::commands
