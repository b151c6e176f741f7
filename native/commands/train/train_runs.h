#pragma once

#include <memory>
#include <vector>

#include "native/commands/live_report.h"
#include "native/commands/train/together_report.h"
#include "native/commands/train/train_job.h"
#include "native/system/interrupts.h"
#include "native/training/memory_plan.h"
#include "native/training/train_together.h"

namespace pumice::commands {

/// Trains the jobs of a `pumice train` on one device: as many at the same time as fit into its
/// memory, each of the others as soon as there is room.
class TrainRuns : private RunSupply {
 public:
  /// All must outlive this; the jobs have the same data. `seeds`: of seed_runs_of. Several ranks
  /// have one job, whose files rank 0 writes.
  TrainRuns(const Session& session, const TrainOptions& options, std::optional<SeedRuns>& seeds,
            std::vector<TrainJob>& jobs, const TrainingData& data, hal::Device& device,
            train::Ranks& ranks);

  /// Returns the exit code. Throws Error when runs have failed; a single run fails with its own
  /// error.
  int go();

 private:
  struct Run {
    template <typename... Arguments>
    explicit Run(size_t job, Arguments&&... arguments)
        : job(job), training(std::forward<Arguments>(arguments)...) {}

    size_t job;
    TrainingRun training;
    bool has_begun = false;
  };

  NamedRun next() override;
  void failed(TrainingRun& training, const std::string& reason) override;
  void ended(TrainingRun& training) override;

  bool are_same_but_for_seed() const;
  std::shared_ptr<hal::Tuning> kernels_of(size_t job) const;
  void plan_memory();
  TrainingMemory memory_of(size_t job) const;
  void tell_plan(const std::vector<uint64_t>& runs) const;
  std::string advice_on_memory(const TrainJob& job) const;
  bool fits(size_t job) const;
  void build_first();
  std::unique_ptr<Run> build(size_t job);
  Run* begin_next();
  void add_observers();
  void add_observers(Run& run, std::unique_ptr<RunObserver> report) const;
  void take_folders();
  void show_live();
  void open_folder(Run& run);
  void fail_run(size_t job, const std::string& reason);
  std::filesystem::path seeds_parent() const;
  std::string resume_command() const;
  void tell_how_to_resume() const;
  std::vector<std::string> words_to_begin() const;

  const Session& session_;
  const TrainOptions& options_;
  std::optional<SeedRuns>& seeds_;
  std::vector<TrainJob>& jobs_;
  const TrainingData& data_;
  hal::Device& device_;
  train::Ranks& ranks_;
  std::vector<std::shared_ptr<hal::Tuning>> kernels_;  ///< of each job
  std::vector<TrainingMemory> memory_;                 ///< of each job
  size_t most_;                                        ///< runs at the same time; 0: any number
  std::optional<train::Datasets> uploaded_;
  std::unique_ptr<TogetherReport> report_;  ///< for people, of several runs
  std::vector<std::unique_ptr<Run>> runs_;  ///< those on the device
  std::optional<system::Interrupts> interrupts_;
  bool has_folders_ = false;
  std::shared_ptr<LiveReport> live_report_;  ///< null unless asked for
  size_t begun_ = 0;                         ///< jobs, from the first
  std::vector<size_t> stopped_;              ///< jobs that can be resumed
  std::vector<size_t> failed_;
};

/// Writes the table of the runs of seeds in a folder, and shows it. `recipe`: theirs.
void show_seeds(const std::filesystem::path& folder, const Recipe& recipe, const Session& session);

}  // namespace pumice::commands
