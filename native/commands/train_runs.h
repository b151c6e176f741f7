#pragma once

#include <memory>
#include <vector>

#include "native/commands/together_report.h"
#include "native/commands/train_job.h"
#include "native/commands/watch.h"
#include "native/training/memory_plan.h"
#include "native/training/train_together.h"

namespace pumice::commands {

/// Trains the jobs of a `pumice train` on one device: as many at the same time as fit into its
/// memory, the others afterwards.
class TrainRuns {
 public:
  /// All must outlive this; the jobs have the same data. Several ranks have one job, of which rank
  /// 0 writes the files.
  TrainRuns(const Session& session, const TrainOptions& options, std::vector<TrainJob>& jobs,
            const TrainingData& data, hal::Device& device, train::Ranks& ranks);

  /// Returns the exit code. Throws Error when runs have failed; a single run fails with its own
  /// error.
  int go();

 private:
  struct Run;
  struct Group;

  bool is_same_but_for_seed(size_t a, size_t b) const;
  std::vector<size_t> plan_groups() const;
  void tell_groups(const std::vector<size_t>& groups, const TrainingMemory& memory) const;
  std::vector<std::string> words_to_begin(size_t first) const;
  std::string advice_on_memory(const TrainJob& job) const;
  Group build(size_t begin, size_t count);
  void add_observers(TrainingRun& training, std::unique_ptr<RunObserver> report) const;
  void take_folders();
  void watch();
  std::vector<NamedRun> open_folders(Group& group);
  void train(Group& group, const TrainingRun::Stop& stop);
  void fail_run(size_t job, const std::string& reason);
  std::filesystem::path seeds_parent() const;
  void show_seeds() const;
  void tell_how_to_resume(size_t begun) const;

  const Session& session_;
  const TrainOptions& options_;
  std::vector<TrainJob>& jobs_;
  const TrainingData& data_;
  hal::Device& device_;
  train::Ranks& ranks_;
  std::vector<std::shared_ptr<hal::Tuning>> kernels_;  ///< of each job
  std::optional<train::Datasets> uploaded_;
  bool has_folders_ = false;
  std::shared_ptr<Watch> watch_;  ///< null unless asked for
  std::vector<size_t> stopped_;   ///< jobs that can be resumed
  std::vector<size_t> failed_;
};

}  // namespace pumice::commands
