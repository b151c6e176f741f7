#pragma once

#include <functional>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "native/sweeps/sweep_share.h"

namespace pumice::commands {

/// What a process of a sweep does with a run.
enum class Work : uint8_t { kTrain, kEvaluate };

/// Which runs of a sweep to work on next. Those that another process has, one that shares the
/// sweep or one that is still training for a sweep that was killed, wait until they are free.
class SweepQueue {
 public:
  struct Next {
    std::vector<size_t> runs;
    Work work = Work::kTrain;
  };
  using MayShare = std::function<bool(const SweepRun& a, const SweepRun& b)>;
  /// Receives what happens to a run that is not started: a text, and the name of an event.
  using Tell = std::function<void(size_t run, const std::string& text, const std::string& event)>;

  /// The references must outlive this. `results` are kept up to date for the runs that are asked
  /// for.
  SweepQueue(const SweepFolder& folder, const Sweep& sweep, std::vector<RunResult>& results,
             SweepShare share, Tell tell);

  /// Up to `most` runs to train in one process, or one to evaluate: their folders are prepared, and
  /// no other process takes them. Absent if no run is free now.
  std::optional<Next> take(size_t most, const MayShare& may_share);
  /// The run is not worked on any more. If it was trained and is to be evaluated, take() returns it
  /// again.
  void give_back(size_t run, Work done);
  /// Whether no run is left to wait for.
  bool is_empty() const { return waiting_.empty() && trained_.empty(); }

 private:
  enum class Claim : uint8_t { kReady, kBusy, kOver };
  Claim claim(size_t run);
  Claim check_shared(size_t run);
  std::optional<size_t> begun_by_others();
  bool needs_evaluation(size_t run) const;

  const SweepFolder& folder_;
  const Sweep& sweep_;
  std::vector<RunResult>& results_;
  SweepShare share_;
  Tell tell_;
  RunClaims claims_;
  std::list<size_t> waiting_;
  std::vector<size_t> trained_;  ///< here, and to be evaluated
  std::list<size_t> of_others_;  ///< of an array: taken only once their process has died
  std::set<size_t> failed_before_;
  std::set<size_t> told_busy_;
};

}  // namespace pumice::commands
