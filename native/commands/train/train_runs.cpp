#include "native/commands/train/train_runs.h"

#include <algorithm>

#include "engine/base/count_of.h"
#include "engine/benchmark/setting.h"
#include "native/commands/train/seeds_table.h"
#include "native/commands/train/train_kernels.h"
#include "native/commands/train/train_ranks.h"
#include "native/commands/train/train_report.h"
#include "native/observers/observers.h"

namespace pumice::commands {

TrainRuns::TrainRuns(const Session& session, const TrainOptions& options,
                     std::optional<SeedRuns>& seeds, std::vector<TrainJob>& jobs,
                     const TrainingData& data, hal::Device& device, train::Ranks& ranks)
    : session_(session),
      options_(options),
      seeds_(seeds),
      jobs_(jobs),
      data_(data),
      device_(device),
      ranks_(ranks),
      most_(seeds ? seeds->together : options.together) {
  for (size_t job = 0; job < jobs_.size(); ++job) kernels_.push_back(kernels_of(job));
}

std::shared_ptr<hal::Tuning> TrainRuns::kernels_of(size_t job) const {
  const TrainJob& wanted = jobs_[job];
  const io::Checkpoint* resume = wanted.resume ? &*wanted.resume : nullptr;
  const bool is_known = job > 0 && resume == nullptr && !jobs_[job - 1].resume &&
                        is_same_but_for_seed(wanted.recipe, jobs_[job - 1].recipe);
  if (is_known) return kernels_.back();
  const bool begins_later = seeds_ && !options_.resume.empty() && resume == nullptr;
  const std::string& tune = begins_later && options_.tune.empty() ? seeds_->tune : options_.tune;
  return kernels_for(device_, wanted.recipe, data_, resume, tune, session_, ranks_);
}

int TrainRuns::go() {
  if (jobs_.size() > 1) plan_memory();
  uploaded_ = upload(device_, data_);
  train::do_together(ranks_, [&] { build_first(); });
  interrupts_.emplace();  // the observers may have had their own
  if (ranks_.size() > 1) require_same_run(runs_.front()->training);
  train::do_together(ranks_, [&] {
    for (const auto& run : runs_) open_folder(*run);
  });
  if (ranks_.size() > 1) tell_of_ranks(runs_.front()->training, session_);
  train_together(device_, *this, [&] { return interrupts_->requested(); });
  const std::filesystem::path parent = seeds_parent();
  if (ranks_.rank() == 0 && !parent.empty()) show_seeds(parent, jobs_.front().recipe, session_);
  tell_how_to_resume();
  if (!stopped_.empty() || begun_ < jobs_.size()) return system::interrupted_exit_code();
  require(failed_.empty(), "train: {} of {} failed", failed_.size(), count_of(jobs_.size(), "run"));
  return 0;
}

void TrainRuns::plan_memory() {
  std::vector<uint64_t> runs;
  for (size_t i = 0; i < jobs_.size(); ++i) {
    const bool is_known = i > 0 && kernels_[i] == kernels_[i - 1] &&
                          is_same_but_for_seed(jobs_[i].recipe, jobs_[i - 1].recipe);
    memory_.push_back(is_known ? memory_.back() : memory_of(i));
    runs.push_back(memory_.back().run);
  }
  const size_t first = runs_that_fit(device_.limits(), runs, memory_.front().data, most_);
  if (first == 1) most_ = 1;
  tell_plan(runs);
}

TrainingMemory TrainRuns::memory_of(size_t job) const {
  const Recipe& recipe = jobs_[job].recipe;
  TrainingMemory memory = training_memory(device_.limits(), recipe, data_, kernels_[job]);
  memory.run += observers::evaluation_memory(device_.limits(), recipe, data_.test, options_.data);
  return memory;
}

/// Whether there is room for the job beside the runs on the device.
bool TrainRuns::fits(size_t job) const {
  if (runs_.empty()) return true;
  std::vector<uint64_t> runs;
  for (const auto& run : runs_) runs.push_back(memory_[run->job].run);
  runs.push_back(memory_[job].run);
  return runs_that_fit(device_.limits(), runs, memory_.front().data, most_) == runs.size();
}

/// As many of the runs as the device can hold, at least one.
void TrainRuns::build_first() {
  while (begun_ < jobs_.size() && fits(begun_)) {
    std::unique_ptr<Run> run = build(begun_);
    if (!run) break;
    runs_.push_back(std::move(run));
    ++begun_;
  }
  const bool are_all = runs_.size() == jobs_.size();
  if (jobs_.size() > 1 && most_ != 1 && !session_.json) {
    report_ = std::make_unique<TogetherReport>(runs_.size(), are_same_but_for_seed(), are_all);
  }
  add_observers();
}

bool TrainRuns::are_same_but_for_seed() const {
  return std::ranges::all_of(jobs_, [&](const TrainJob& job) {
    return is_same_but_for_seed(job.recipe, jobs_.front().recipe);
  });
}

/// Nothing if the device has too little memory beside the other runs.
std::unique_ptr<TrainRuns::Run> TrainRuns::build(size_t job) {
  const TrainJob& wanted = jobs_[job];
  const io::Checkpoint* resume = wanted.resume ? &*wanted.resume : nullptr;
  std::unique_ptr<Run> run;
  try {
    run = std::make_unique<Run>(job, device_, wanted.recipe, data_, resume, kernels_[job],
                                uploaded_, ranks_);
  } catch (const hal::OutOfMemory& error) {
    if (runs_.empty()) throw hal::OutOfMemory(error.what() + advice_on_memory(wanted));
    most_ = runs_.size();
    session_.note(fmt::format("{}; {} together, the others afterwards", error.what(),
                              count_of(runs_.size(), "run")));
    return nullptr;
  }
  if (resume != nullptr) tell_of_other_kernels(resume->training(), run->training, session_);
  return run;
}

void TrainRuns::add_observers() {
  if (ranks_.rank() != 0) return;
  for (const auto& run : runs_) {
    add_observers(*run,
                  report_ ? report_->observer(run->job) : train_report(session_, options_.data));
  }
}

/// The observers of a run, in this order: measurements first, then the files that record them, then
/// the messages to the user.
void TrainRuns::add_observers(Run& run, std::unique_ptr<RunObserver> report) const {
  TrainingRun& training = run.training;
  const auto images = std::make_shared<observers::EpochImages>();
  training.add(observers::epoch_evaluation(device_, training.recipe(), data_.test, options_.data,
                                           session_.notifier()));
  training.add(observers::collapse_warning(session_.notifier()));
  training.add(observers::metrics_csv(session_.notifier()));
  training.add(observers::steps_csv(session_.notifier()));
  training.add(observers::metrics_lines(session_.notifier(), {.program = benchmark::program_text(),
                                                              .command = session_.command_line}));
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
  if (seeds_ && seeds_->folder.empty()) {
    seeds_->folder = system::make_numbered_folder("runs", seeds_->recipe.name + "-seeds");
    for (TrainJob& job : jobs_)
      job.folder = RunFolder(seed_folder(seeds_->folder, job.recipe.seed));
  }
  for (TrainJob& job : jobs_) {
    if (job.lock) continue;
    if (job.folder.path().empty()) {
      job.folder = RunFolder(system::make_numbered_folder("runs", job.recipe.name));
    }
    job.lock.emplace(job.folder.path());
    job.folder.require_free(options_.force);
  }
  if (!seeds_) return;
  write_seed_runs(*seeds_);
  if (options_.resume.empty()) write_seeds(seeds_file(seeds_->folder), {});
}

void TrainRuns::show_live() {
#ifdef PUMICE_SERVE
  std::vector<RunFolder> folders;
  for (const TrainJob& job : jobs_) folders.push_back(job.folder);
  live_report_ = std::make_shared<LiveReport>(std::move(folders), session_);
#endif
}

void TrainRuns::open_folder(Run& run) {
  if (ranks_.rank() != 0) return;
  if (!has_folders_) {
    take_folders();
    if (options_.watch) show_live();
  }
  has_folders_ = true;
  run.training.open_folder(jobs_[run.job].folder);
}

NamedRun TrainRuns::next() {
  const auto named = [&](Run& run) {
    run.has_begun = true;
    return NamedRun{&run.training, jobs_[run.job].folder.path().filename().string()};
  };
  for (const auto& run : runs_) {
    if (!run->has_begun) return named(*run);
  }
  while (begun_ < jobs_.size() && !interrupts_->requested() && fits(begun_)) {
    const size_t job = begun_;
    try {
      Run* run = begin_next();
      return run == nullptr ? NamedRun{} : named(*run);
    } catch (const hal::DeviceLost&) {
      throw;
    } catch (const Error& error) {
      std::erase_if(runs_, [&](const auto& run) { return run->job == job; });
      if (dynamic_cast<const system::Interrupted*>(&error) != nullptr) return {};
      begun_ = job + 1;
      fail_run(job, error.what());
    }
  }
  return {};
}

/// Builds the next run in a free place, and opens its folder; null if it does not fit after all.
TrainRuns::Run* TrainRuns::begin_next() {
  std::unique_ptr<Run> built = build(begun_);
  if (!built) return nullptr;
  Run& run = *runs_.emplace_back(std::move(built));
  add_observers(run, report_ ? report_->observer(run.job) : train_report(session_, options_.data));
  open_folder(run);
  ++begun_;
  return &run;
}

void TrainRuns::failed(TrainingRun& training, const std::string& reason) {
  if (jobs_.size() == 1) throw;
  const auto run = std::ranges::find_if(runs_, [&](auto& r) { return &r->training == &training; });
  if (report_) report_->drop((*run)->job);
  fail_run((*run)->job, reason);
}

void TrainRuns::ended(TrainingRun& training) {
  const auto run = std::ranges::find_if(runs_, [&](auto& r) { return &r->training == &training; });
  const bool has_failed = std::ranges::count(failed_, (*run)->job) > 0;
  if (training.end() == RunEnd::kStopped && !has_failed) stopped_.push_back((*run)->job);
  if (ranks_.size() > 1) tell_of_exchange(training, session_);
  runs_.erase(run);
}

}  // namespace pumice::commands
