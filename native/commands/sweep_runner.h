#pragma once

#include <list>
#include <memory>

#include "native/commands/session.h"
#include "native/sweeps/sweep_folder.h"
#include "native/system/child_process.h"

namespace pumice::commands {

struct SweepRunnerOptions {
  uint32_t jobs = 1;
  std::vector<std::string> arguments;         ///< for every `pumice train`: --data, --device
  std::vector<std::string> resume_arguments;  ///< for runs that are resumed
};

/// Trains the remaining runs of a sweep, each in its own process: a failure that ends one of them,
/// such as a lost device or too little memory, does not end the others. Keeps the sweep's tables
/// and images up to date and reports progress.
class SweepRunner {
 public:
  /// All arguments must outlive this.
  SweepRunner(const Session& session, const SweepFolder& folder, const Sweep& sweep,
              std::vector<RunResult> results, SweepRunnerOptions options);
  ~SweepRunner();

  /// Trains until all runs are done or have failed, or until `stop` returns true; then the active
  /// runs finish their step and save. Throws Error when a file cannot be written.
  void go(const std::function<bool()>& stop);

  const std::vector<RunResult>& results() const { return results_; }

 private:
  struct Job;
  bool start_next();
  void read_lines(Job& job);
  void hear(Job& job, const std::string& line);
  void finish(Job& job);
  void skip(size_t index, const std::string& reason);
  void tell(size_t index, const std::string& text, const std::string& event);
  void draw_status() const;

  const Session& session_;
  const SweepFolder& folder_;
  const Sweep& sweep_;
  std::vector<RunResult> results_;
  SweepRunnerOptions options_;
  size_t next_ = 0;
  std::list<Job> jobs_;
};

}  // namespace pumice::commands
