#include "native/evaluation/train_extractor.h"

#include <cstdio>
#include <system_error>

#include "engine/base/count_of.h"
#include "engine/base/require.h"
#include "native/system/file_lock.h"
#include "native/system/folder_lock.h"
#include "native/system/interrupts.h"
#include "native/training/checkpoint_files.h"
#include "native/training/data_record.h"
#include "native/training/run_progress.h"
#include "native/training/schedule_time.h"
#include "native/training/training_run.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

/// Shows test metrics beside the bar.
class ProgressBar : public RunObserver {
 public:
  void on_begin(TrainingRun& run) override { progress_.emplace(stderr, run); }
  void on_progress(TrainingRun& /*run*/, const train::Progress& progress) override {
    progress_->update(progress);
  }
  void on_saved(TrainingRun& /*run*/, const Epoch& epoch) override {
    progress_->end_epoch(epoch.metrics.test);
  }

 private:
  std::optional<RunProgress> progress_;
};

/// The checkpoint of an earlier call, if this recipe can resume from it.
std::optional<io::Checkpoint> unfinished(const RunFolder& folder, const Recipe& recipe,
                                         const TrainingData& data) {
  if (!folder.holds_run()) return std::nullopt;
  io::Checkpoint checkpoint = resume_point(folder).checkpoint;
  const io::TrainingRecord record = checkpoint.training();
  const bool fits = record.recipe == to_toml(recipe) && record.data == data_record(data);
  return fits ? std::optional(std::move(checkpoint)) : std::nullopt;
}

/// What is trained, why, and how long it takes.
std::string plan_text(hal::Device& device, const OwnClassifier& own, const TrainingData& data,
                      const train::Datasets& uploaded) {
  TrainingRun measured(device, own.recipe, data, nullptr, nullptr, uploaded);
  return fmt::format(
      "training {} once, to measure images of {} with: {} of {} for {}, about {} on this device; "
      "it will be stored as {}",
      own.recipe.name, data.train.source.empty() ? own.recipe.data.name : data.train.source,
      count_of(data.train.count, "image"), count_of(own.classes, "class", "classes"),
      count_of(own.recipe.train.epochs, "epoch"), long_duration_text(measure_schedule(measured)),
      own.file.string());
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

void train_extractor(hal::Device& device, const OwnClassifier& own, const Notify& notify) {
  const Recipe& recipe = own.recipe;
  const fs::path& file = own.file;
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  require(!error, "{}: cannot create the folder: {}", file.parent_path().string(), error.message());
  const system::FileLock lock(fs::path(file).replace_extension(".lock"), [&] {
    notify(fmt::format("waiting for another process that is training {}", recipe.name));
  });
  if (is_there(file)) return;
  const TrainingData data = load_training_data(recipe, own.folder, notify);
  const RunFolder run_folder(fs::path(file).replace_extension(".training"));
  const system::FolderLock folder_lock(run_folder.path());
  const std::optional<io::Checkpoint> resume = unfinished(run_folder, recipe, data);
  const train::Datasets uploaded = upload(device, data);
  notify(plan_text(device, own, data, uploaded));
  TrainingRun run(device, recipe, data, resume ? &*resume : nullptr, nullptr, uploaded);
  run.add(std::make_unique<ProgressBar>());
  run.open_folder(run_folder);
  const system::Interrupts interrupts;
  if (run.go([&] { return interrupts.requested(); }) == RunEnd::kStopped) {
    throw system::Interrupted(
        fmt::format("interrupted; the same command resumes training {}", recipe.name));
  }
  fs::rename(run_folder.checkpoint(), file, error);
  require(!error, "{}: cannot write: {}", file.string(), error.message());
  run_folder.clear();
  fs::remove(system::lock_file(run_folder.path()), error);
  fs::remove(run_folder.path(), error);
}

}  // namespace pumice
