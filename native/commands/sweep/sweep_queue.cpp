#include "native/commands/sweep/sweep_queue.h"

#include "native/system/folder_lock.h"

namespace pumice::commands {

SweepQueue::SweepQueue(const SweepFolder& folder, const Sweep& sweep,
                       std::vector<RunResult>& results, SweepShare share, Tell tell)
    : folder_(folder),
      sweep_(sweep),
      results_(results),
      share_(share),
      tell_(std::move(tell)),
      claims_(folder) {
  for (size_t run = 0; run < results.size(); ++run) {
    if (results[run].state == RunState::kFailed) failed_before_.insert(run);
    if (!is_finished(results[run].state))
      (share_.holds(run) ? waiting_ : of_others_).push_back(run);
  }
}

std::optional<SweepQueue::Next> SweepQueue::take(size_t most, const MayShare& may_share) {
  if (!trained_.empty()) {
    const size_t run = trained_.front();
    trained_.erase(trained_.begin());
    if (claim(run) == Claim::kReady) return Next{{run}, Work::kEvaluate};
    return take(most, may_share);
  }
  Next next;
  for (auto run = waiting_.begin(); run != waiting_.end() && next.runs.size() < most;) {
    const SweepRun* first = next.runs.empty() ? nullptr : &sweep_.runs[next.runs.front()];
    if (first && (needs_evaluation(*run) || !may_share(*first, sweep_.runs[*run]))) break;
    const size_t index = *run;
    const Claim claimed = claim(index);
    run = claimed == Claim::kBusy ? std::next(run) : waiting_.erase(run);
    if (claimed != Claim::kReady) continue;
    const bool is_trained = needs_evaluation(index);
    (is_trained ? trained_ : next.runs).push_back(index);
    if (is_trained) break;
  }
  if (next.runs.empty() && !trained_.empty()) return take(most, may_share);
  if (next.runs.empty() && waiting_.empty()) {
    const std::optional<size_t> run = begun_by_others();
    if (run) return Next{{*run}, needs_evaluation(*run) ? Work::kEvaluate : Work::kTrain};
  }
  return next.runs.empty() ? std::nullopt : std::optional(next);
}

void SweepQueue::give_back(size_t run, Work done) {
  if (done == Work::kTrain && needs_evaluation(run)) {
    trained_.push_back(run);
  } else {
    claims_.give_back(sweep_.runs[run]);
  }
}

// A run of another process's share that has begun and that nobody works on.
std::optional<size_t> SweepQueue::begun_by_others() {
  for (auto run = of_others_.begin(); run != of_others_.end();) {
    folder_.read_again(sweep_, sweep_.runs[*run], results_[*run]);
    const RunState state = results_[*run].state;
    const bool has_begun = state == RunState::kInterrupted || state == RunState::kTrained;
    const size_t index = *run;
    const bool is_over = is_finished(state) || state == RunState::kFailed;
    const Claim claimed = has_begun ? claim(index) : is_over ? Claim::kOver : Claim::kBusy;
    run = claimed == Claim::kBusy ? std::next(run) : of_others_.erase(run);
    if (claimed == Claim::kReady) return index;
  }
  return {};
}

/// Prepares the run's folder, unless another process has the run.
SweepQueue::Claim SweepQueue::claim(size_t run) try {
  if (share_.is_shared()) {
    const Claim claimed = check_shared(run);
    if (claimed != Claim::kReady) return claimed;
  }
  folder_.prepare(sweep_.runs[run]);
  // A failure that has been removed may be one of the evaluation.
  folder_.read_again(sweep_, sweep_.runs[run], results_[run]);
  return Claim::kReady;
} catch (const system::FolderInUse& error) {
  claims_.give_back(sweep_.runs[run]);
  if (told_busy_.insert(run).second) tell_(run, fmt::format("waiting: {}", error.what()), "note");
  return Claim::kBusy;
} catch (const Error& error) {  // the folder is not ours to write to, so this is not recorded there
  claims_.give_back(sweep_.runs[run]);
  results_[run].state = RunState::kFailed;
  results_[run].failure = error.what();
  tell_(run, fmt::format("failed: {}", error.what()), "run_end");
  return Claim::kOver;
}

// Another process may have finished the run since this one began, or failed at it.
SweepQueue::Claim SweepQueue::check_shared(size_t run) {
  if (!claims_.take(sweep_.runs[run])) return Claim::kBusy;
  RunResult& result = results_[run];
  folder_.read_again(sweep_, sweep_.runs[run], result);
  const bool has_failed = result.state == RunState::kFailed && !failed_before_.contains(run);
  if (!is_finished(result.state) && !has_failed) return Claim::kReady;
  claims_.give_back(sweep_.runs[run]);
  tell_(run, fmt::format("{} in another process", name_of(result.state)), "note");
  return Claim::kOver;
}

bool SweepQueue::needs_evaluation(size_t run) const {
  return results_[run].state == RunState::kTrained;
}

}  // namespace pumice::commands
