#pragma once

#include <string>
#include <vector>

#include "native/commands/session.h"
#include "native/sweeps/sweep_share.h"

namespace pumice::commands {

struct SweepRunnerOptions {
  uint32_t jobs = 1;                        ///< processes at the same time
  uint32_t together = 1;                    ///< runs that a process trains at the same time
  std::vector<std::string> devices = {""};  ///< that many processes on each; "": the best device
  SweepShare share = {};
  std::vector<std::string> arguments;         ///< for every process: --data, --validate
  std::vector<std::string> resume_arguments;  ///< for runs that are resumed
};

/// The command lines of a sweep's processes.
class SweepWords {
 public:
  /// All but `options` must outlive this.
  SweepWords(const Session& session, const SweepFolder& folder, const Sweep& sweep,
             SweepRunnerOptions options)
      : session_(session), folder_(folder), sweep_(sweep), options_(std::move(options)) {}

  /// Begins or resumes the runs, which may share a process, on a device of the options, for that
  /// many minutes in all.
  std::vector<std::string> train(const std::vector<const SweepRun*>& runs,
                                 const std::string& device, double minutes) const;
  /// Of the run's equal part of the sweep's minutes, or of its recipe.
  double minutes_of(const SweepRun& run) const;
  /// Whether one process can train both: they have the same data and minutes, and both begin or
  /// both resume.
  bool may_share_process(const SweepRun& a, const SweepRun& b) const;
  std::vector<std::string> evaluate(const SweepRun& run, const std::string& device) const;

 private:
  void add_common(std::vector<std::string>& words, const std::string& device) const;

  const Session& session_;
  const SweepFolder& folder_;
  const Sweep& sweep_;
  SweepRunnerOptions options_;
};

}  // namespace pumice::commands
