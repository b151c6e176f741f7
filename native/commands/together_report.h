#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "native/system/progress.h"
#include "native/training/run_observer.h"

namespace pumice::commands {

/// Reports runs that train together to the user. If they are alike, the same but for their seeds:
/// one table of their networks, one progress bar, and for each epoch a line with the means over the
/// runs. Otherwise a table for each, and a line for each epoch of each.
class TogetherReport {
 public:
  TogetherReport(size_t runs, bool are_alike) : members_(runs), are_alike_(are_alike) {}

  /// The observer of one of the runs. This must outlive it.
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
  void print_tables(TrainingRun& run, bool is_last);
  void advance(size_t index, TrainingRun& run, const train::Progress& progress);
  void save(size_t index, TrainingRun& run, const Epoch& epoch);
  void show_epochs();
  bool is_complete(uint32_t epoch) const;
  Metrics means(uint32_t epoch) const;

  std::vector<Member> members_;
  bool are_alike_;
  size_t begun_ = 0;
  uint32_t shown_ = 0;  ///< epochs
  std::optional<system::Progress> progress_;
};

}  // namespace pumice::commands
