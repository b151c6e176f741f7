#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "native/system/progress.h"
#include "native/training/run_observer.h"

namespace pumice::commands {

/// Reports runs that train together to the user. If they are alike, the same but for their seeds,
/// there is one table of their networks, otherwise one for each. Alike runs that all begin together
/// have one progress bar and, for each epoch, a line with the means over the runs; others a line
/// for each epoch of each.
class TogetherReport {
 public:
  /// `runs`: that begin together; `are_all`: no others follow.
  TogetherReport(size_t runs, bool are_alike, bool are_all)
      : first_(runs), members_(runs), are_alike_(are_alike), has_bar_(are_alike && are_all) {}

  /// The observer of a run: 0, 1, …; those above `runs` begin later. This must outlive it.
  std::unique_ptr<RunObserver> observer(size_t index);
  /// The run has failed: the others no longer wait for it.
  void drop(size_t index);

 private:
  class Observer;
  struct Member {
    uint32_t first_epoch = 0;  ///< completed when it began
    uint32_t step = 0;
    bool has_ended = false;
    std::map<uint32_t, Metrics> epochs;  ///< that are not shown yet
  };

  void begin(size_t index, TrainingRun& run);
  void begin_all(TrainingRun& run);
  void print_tables(TrainingRun& run);
  void advance(size_t index, TrainingRun& run, const train::Progress& progress);
  void save(size_t index, TrainingRun& run, const Epoch& epoch);
  void show_epochs();
  bool is_complete(uint32_t epoch) const;
  Metrics means(uint32_t epoch) const;

  size_t first_;
  std::vector<Member> members_;
  bool are_alike_;
  bool has_bar_;
  size_t begun_ = 0;
  uint32_t shown_ = 0;  ///< epochs
  std::optional<system::Progress> progress_;
};

}  // namespace pumice::commands
