#include "native/commands/train_job.h"

#include "engine/base/count_of.h"
#include "native/training/checkpoint_files.h"
#include "native/training/run_length.h"

namespace pumice::commands {
namespace {

using Options = TrainOptions;
using Job = TrainJob;

std::vector<std::string> overrides(const Options& options, const Session& session) {
  std::vector<std::string> texts = options.set;
  if (options.epochs) texts.push_back(fmt::format("train.epochs={}", *options.epochs));
  if (options.minutes) texts.push_back(fmt::format("train.minutes={}", *options.minutes));
  if (options.batch) texts.push_back(fmt::format("train.batch={}", *options.batch));
  if (options.strict) texts.emplace_back("data.strict=true");
  if (session.seed) texts.push_back(fmt::format("seed={}", *session.seed));
  return texts;
}

Job new_job(const Options& options, const Session& session) {
  Recipe recipe = load_recipe(options.recipe, overrides(options, session));
  RunFolder folder(options.out);
  if (!options.out.empty()) folder.require_free(options.force);
  return {.recipe = recipe, .folder = folder, .lock = {}, .resume = {}};
}

// A copy of a checkpoint elsewhere is not a run: its folder is not ours to write to.
RunFolder folder_of(const std::filesystem::path& file) {
  RunFolder folder(folder_holding(file));
  require(folder.checkpoint().filename() == file.filename(),
          "{}: --resume expects a run's folder or the {} in it", file.string(),
          folder.checkpoint().filename().string());
  return folder;
}

// A damaged file is not one; why it is damaged is said when it is read.
bool is_exported(const std::filesystem::path& file) {
  try {
    return io::is_exported(io::SafetensorsHeader::read(file));
  } catch (const Error&) {
    return false;
  }
}

void refuse_exported(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return;
  require(!is_exported(file),
          "{}: expected a run's checkpoint, found an exported file, which lacks the state of "
          "training: resume the run",
          file.string());
}

void require_time_left(const Recipe& recipe, const RunFolder& folder) {
  const std::optional<RunLength> length = read_run_length(folder.length());
  const double minutes = recipe.train.minutes;
  const bool is_used = length && minutes > 0 && length->seconds >= 60 * minutes;
  require(!is_used,
          "{}: the run's {:.5g} minutes are used; to train longer, add --minutes M (in all; 0: no "
          "limit)",
          folder.path().string(), minutes);
}

// Locked before it is read: another process may still be writing it.
Job resumed_job(const Options& options, const Session& session) {
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(options.resume, ignored);
  if (!is_folder) refuse_exported(options.resume);
  const RunFolder folder = is_folder ? RunFolder(options.resume) : folder_of(options.resume);
  const std::filesystem::path file = folder.checkpoint();
  require(folder.holds_run(), "{}: expected the folder of a run, found no {} in it",
          folder.path().string(), file.filename().string());
  folder.require_run();
  system::FolderLock lock(folder.path());
  ResumePoint point = resume_point(folder);
  const io::TrainingRecord record = point.checkpoint.training();
  folder.require_resumable(record.recipe);
  Recipe recipe =
      parse_recipe(record.recipe, file.string() + ": recipe", overrides(options, session));
  require(record.epoch < recipe.train.epochs,
          "{}: the run is complete after {}; to train longer, add --epochs N", file.string(),
          count_of(recipe.train.epochs, "epoch"));
  require_time_left(recipe, folder);
  if (!point.note.empty()) session.note(point.note);
  return {.recipe = recipe,
          .folder = folder,
          .lock = std::move(lock),
          .resume = std::move(point.checkpoint)};
}

}  // namespace

TrainJob job_of(const TrainOptions& options, const Session& session) {
  return options.resume.empty() ? new_job(options, session) : resumed_job(options, session);
}

void take_folder(TrainJob& job, const TrainOptions& options) {
  if (job.lock) return;
  if (job.folder.path().empty()) {
    job.folder = RunFolder(system::make_numbered_folder("runs", job.recipe.name));
  }
  job.lock.emplace(job.folder.path());
  job.folder.require_free(options.force);
}

}  // namespace pumice::commands
