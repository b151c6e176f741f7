#include "native/evaluation/train_extractor.h"

#include <cstdio>
#include <system_error>

#include "engine/base/require.h"
#include "native/system/file_lock.h"
#include "native/system/folder_lock.h"
#include "native/system/interrupts.h"
#include "native/training/checkpoint_files.h"
#include "native/training/data_record.h"
#include "native/training/run_progress.h"
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

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

void train_extractor(hal::Device& device, const std::string& data_set, const fs::path& file,
                     const std::string& folder, const Notify& notify) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  require(!error, "{}: cannot create the folder: {}", file.parent_path().string(), error.message());
  const system::FileLock lock(fs::path(file).replace_extension(".lock"), [&] {
    notify(
        fmt::format("waiting for another process that is training the classifier of {}", data_set));
  });
  if (is_there(file)) return;
  const Recipe recipe = load_recipe("classifier-" + data_set);
  notify(fmt::format("training {} once, to measure images of {}; it will be stored as {}",
                     recipe.name, data_set, file.string()));
  const TrainingData data = load_training_data(recipe, folder, notify);
  const RunFolder run_folder(fs::path(file).replace_extension(".training"));
  const system::FolderLock folder_lock(run_folder.path());
  const std::optional<io::Checkpoint> resume = unfinished(run_folder, recipe, data);
  TrainingRun run(device, recipe, data, resume ? &*resume : nullptr);
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
