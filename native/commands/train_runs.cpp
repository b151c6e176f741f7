#include "native/commands/train_runs.h"

#include <algorithm>

#include "engine/base/count_of.h"
#include "native/commands/seeds_table.h"
#include "native/commands/train_kernels.h"
#include "native/commands/train_ranks.h"
#include "native/commands/train_report.h"
#include "native/observers/observers.h"
#include "native/system/interrupts.h"

namespace pumice::commands {

struct TrainRuns::Run {
  template <typename... Arguments>
  explicit Run(size_t job, Arguments&&... arguments)
      : job(job), training(std::forward<Arguments>(arguments)...) {}

  size_t job;
  TrainingRun training;
};

/// Runs that train at the same time.
struct TrainRuns::Group {
  std::unique_ptr<TogetherReport> report;  ///< for people, of several runs
  std::vector<std::unique_ptr<Run>> runs;
};

TrainRuns::TrainRuns(const Session& session, const TrainOptions& options,
                     std::vector<TrainJob>& jobs, const TrainingData& data, hal::Device& device,
                     train::Ranks& ranks)
    : session_(session),
      options_(options),
      jobs_(jobs),
      data_(data),
      device_(device),
      ranks_(ranks) {
  for (size_t i = 0; i < jobs_.size(); ++i) {
    const TrainJob& job = jobs_[i];
    const io::Checkpoint* resume = job.resume ? &*job.resume : nullptr;
    const bool is_known = i > 0 && resume == nullptr && is_same_but_for_seed(i, i - 1);
    kernels_.push_back(
        is_known ? kernels_.back()
                 : kernels_for(device, job.recipe, data, resume, options.tune, session, ranks));
  }
}

bool TrainRuns::is_same_but_for_seed(size_t a, size_t b) const {
  Recipe recipe = jobs_[a].recipe;
  recipe.seed = jobs_[b].recipe.seed;
  return recipe == jobs_[b].recipe;
}

int TrainRuns::go() {
  std::vector<size_t> groups = plan_groups();
  uploaded_ = upload(device_, data_);
  size_t begun = 0;
  std::optional<system::Interrupts> interrupts;
  const auto stop = [&] { return interrupts->requested(); };
  for (size_t i = 0; i < groups.size() && !(interrupts && stop()); ++i) {
    Group group;
    train::do_together(ranks_, [&] { group = build(begun, groups[i]); });
    const size_t built = group.runs.size();
    if (built < groups[i])
      groups.insert(groups.begin() + static_cast<ptrdiff_t>(i) + 1, groups[i] - built);
    begun += built;
    if (!interrupts) interrupts.emplace();  // the observers may have had their own
    train(group, stop);
  }
  if (ranks_.rank() == 0) show_seeds();
  tell_how_to_resume(begun);
  if (!stopped_.empty() || begun < jobs_.size()) return system::interrupted_exit_code();
  require(failed_.empty(), "train: {} of {} failed", failed_.size(), count_of(jobs_.size(), "run"));
  return 0;
}

/// The sizes of groups of consecutive jobs that train together.
std::vector<size_t> TrainRuns::plan_groups() const {
  if (jobs_.size() == 1) return {1};
  TrainingMemory memory;
  std::vector<uint64_t> runs;
  for (size_t i = 0; i < jobs_.size(); ++i) {
    const bool is_known = i > 0 && is_same_but_for_seed(i, i - 1) && kernels_[i] == kernels_[i - 1];
    if (!is_known) {
      memory = training_memory(device_.limits(), jobs_[i].recipe, data_, kernels_[i]);
    }
    runs.push_back(memory.run);
  }
  std::vector<size_t> groups =
      groups_that_fit(device_.limits(), runs, memory.data, options_.together);
  memory.run = *std::ranges::max_element(runs);
  tell_groups(groups, memory);
  return groups;
}

/// As many of the runs as the device can hold, at least one.
TrainRuns::Group TrainRuns::build(size_t begin, size_t count) {
  Group group;
  for (size_t job = begin; job < begin + count; ++job) {
    const TrainJob& wanted = jobs_[job];
    const io::Checkpoint* resume = wanted.resume ? &*wanted.resume : nullptr;
    try {
      group.runs.push_back(std::make_unique<Run>(job, device_, wanted.recipe, data_, resume,
                                                 kernels_[job], uploaded_, ranks_));
    } catch (const hal::OutOfMemory& error) {
      if (group.runs.empty()) throw hal::OutOfMemory(error.what() + advice_on_memory(wanted));
      session_.note(fmt::format("{}; {} together, the others afterwards", error.what(),
                                count_of(group.runs.size(), "run")));
      break;
    }
    if (resume != nullptr) {
      tell_of_other_kernels(resume->training(), group.runs.back()->training, session_);
    }
  }
  if (group.runs.size() > 1 && !session_.json) {
    bool are_alike = true;
    for (const auto& run : group.runs) are_alike &= is_same_but_for_seed(begin, run->job);
    group.report = std::make_unique<TogetherReport>(group.runs.size(), are_alike);
  }
  for (size_t i = 0; i < group.runs.size() && ranks_.rank() == 0; ++i) {
    add_observers(group.runs[i]->training,
                  group.report ? group.report->observer(i) : train_report(session_, options_.data));
  }
  return group;
}

/// The observers of a run, in this order: measurements first, then the files that record them, then
/// the messages to the user.
void TrainRuns::add_observers(TrainingRun& training, std::unique_ptr<RunObserver> report) const {
  const auto images = std::make_shared<observers::EpochImages>();
  training.add(observers::epoch_evaluation(device_, training.recipe(), data_.test, options_.data,
                                           session_.notifier()));
  training.add(observers::metrics_csv(session_.notifier()));
  training.add(observers::steps_csv(session_.notifier()));
  training.add(observers::metrics_lines(session_.notifier()));
  training.add(observers::tensorboard(images));
  training.add(observers::image_files(images));
  training.add(observers::latent_images());
  training.add(observers::decode_passes());
  training.add(observers::curve_files());
  training.add(observers::html_report());
  training.add(std::move(report));
}

/// Takes the folders of new runs. Checks again, since another process may have written there.
void TrainRuns::take_folders() {
  if (std::exchange(has_folders_, true)) return;
  if (!options_.seeds.empty() && jobs_.front().folder.path().empty()) {
    const std::filesystem::path parent =
        system::make_numbered_folder("runs", jobs_.front().recipe.name + "-seeds");
    for (TrainJob& job : jobs_) job.folder = RunFolder(seed_folder(parent, job.recipe.seed));
  }
  for (TrainJob& job : jobs_) {
    if (job.lock) continue;
    if (job.folder.path().empty()) {
      job.folder = RunFolder(system::make_numbered_folder("runs", job.recipe.name));
    }
    job.lock.emplace(job.folder.path());
    job.folder.require_free(options_.force);
  }
  if (!options_.seeds.empty()) write_seeds(seeds_file(seeds_parent()), {});
  if (options_.watch) watch();
}

void TrainRuns::watch() {
#ifdef PUMICE_SERVE
  std::vector<RunFolder> folders;
  for (const TrainJob& job : jobs_) folders.push_back(job.folder);
  watch_ = std::make_shared<Watch>(std::move(folders), session_);
#endif
}

void TrainRuns::train(Group& group, const TrainingRun::Stop& stop) {
  std::vector<NamedRun> runs;
  if (ranks_.size() > 1) require_same_run(group.runs.front()->training);
  train::do_together(ranks_, [&] { runs = open_folders(group); });
  if (ranks_.size() > 1) tell_of_ranks(group.runs.front()->training, session_);
  train_together(device_, runs, stop, [&](const FailedRun& failed) {
    if (jobs_.size() == 1) throw;
    if (group.report) group.report->drop(failed.index);
    fail_run(group.runs[failed.index]->job, failed.reason);
  });
  for (const auto& run : group.runs) {
    const bool has_failed = std::ranges::count(failed_, run->job) > 0;
    if (run->training.end() == RunEnd::kStopped && !has_failed) stopped_.push_back(run->job);
  }
  if (ranks_.size() > 1) tell_of_exchange(group.runs.front()->training, session_);
}

std::vector<NamedRun> TrainRuns::open_folders(Group& group) {
  const bool writes = ranks_.rank() == 0;
  if (writes) take_folders();
  std::vector<NamedRun> runs;
  for (const auto& run : group.runs) {
    const RunFolder& folder = jobs_[run->job].folder;
    if (writes) run->training.open_folder(folder);
    runs.push_back({&run->training, folder.path().filename().string()});
  }
  return runs;
}

}  // namespace pumice::commands
