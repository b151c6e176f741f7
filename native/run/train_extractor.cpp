#include "native/run/train_extractor.h"

#include <cstdio>
#include <system_error>

#include "engine/base/require.h"
#include "native/report/progress.h"
#include "native/run/data_record.h"
#include "native/run/file_lock.h"
#include "native/run/folder_lock.h"
#include "native/run/interrupts.h"
#include "native/run/training_run.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

class ProgressBar : public TrainingListener {
 public:
  ProgressBar(const TrainingRun& run, const Recipe& recipe)
      : images_per_step_(run.images_per_step()),
        progress_(stderr, report::progress_style(stderr, false), recipe.train.epochs,
                  uint64_t{run.steps_per_epoch()} * images_per_step_, run.epoch() + 1,
                  report::Progress::Clock{},
                  uint64_t{run.step() % run.steps_per_epoch()} * images_per_step_) {}

  void on_progress(const train::Progress& progress) override {
    progress_.update(uint64_t{progress.step_in_epoch} * images_per_step_, progress.latest);
  }
  void on_epoch(const io::EpochFigures& figures, const Speed&) override {
    progress_.end_epoch(figures.test);
  }

 private:
  uint32_t images_per_step_;
  report::Progress progress_;
};

/// What an earlier call left, if this recipe can go on from there.
std::optional<io::Checkpoint> unfinished(const RunFolder& folder, const Recipe& recipe,
                                         const TrainingData& data) {
  if (!folder.holds_run()) return std::nullopt;
  io::Checkpoint checkpoint = io::Checkpoint::read(folder.checkpoint());
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
                     const std::string& folder, const Say& say) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  require(!error, "{}: cannot create the folder: {}", file.parent_path().string(), error.message());
  const FileLock lock(fs::path(file).replace_extension(".lock"), [&] {
    say(fmt::format("waiting for another pumice that trains the classifier of {}", data_set));
  });
  if (is_there(file)) return;
  const Recipe recipe = load_recipe("classifier-" + data_set);
  say(fmt::format("training {} once, to measure pictures of {} by; it is kept as {}", recipe.name,
                  data_set, file.string()));
  const TrainingData data = load_training_data(recipe, folder, say);
  const RunFolder run_folder(fs::path(file).replace_extension(".training"));
  const FolderLock folder_lock(run_folder.path());
  const std::optional<io::Checkpoint> resume = unfinished(run_folder, recipe, data);
  TrainingRun run(device, recipe, data, resume ? &*resume : nullptr);
  run.open_folder(run_folder);
  const Interrupts interrupts;
  ProgressBar bar(run, recipe);
  const bool complete = run.go(bar, [&] { return interrupts.requested(); });
  if (!complete) {
    throw Interrupted(
        fmt::format("interrupted; the same command continues training {}", recipe.name));
  }
  fs::rename(run_folder.checkpoint(), file, error);
  require(!error, "{}: cannot write: {}", file.string(), error.message());
  run_folder.clear();
  fs::remove(lock_file(run_folder.path()), error);
  fs::remove(run_folder.path(), error);
}

}  // namespace pumice
