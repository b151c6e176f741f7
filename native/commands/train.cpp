#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "engine/base/count_of.h"
#include "native/commands/kernel_choices.h"
#include "native/commands/number_check.h"
#include "native/commands/open_model.h"
#include "native/commands/train_kernels.h"
#include "native/commands/train_report.h"
#include "native/observers/observers.h"
#include "native/system/folder_lock.h"
#include "native/system/interrupts.h"
#include "native/training/checkpoint_files.h"
#include "native/training/data_record.h"
#include "native/training/load_data.h"
#include "native/training/training_run.h"

namespace pumice::commands {
namespace {

struct Options {
  std::string recipe;
  std::string resume;
  std::string data;
  std::string out;
  std::optional<uint32_t> epochs;
  std::optional<double> minutes;
  std::optional<uint32_t> batch;
  std::vector<std::string> set;
  std::string tune;
  bool force = false;
  bool strict = false;
  bool changed_data = false;
};

/// What to train, and where.
struct Job {
  Recipe recipe;
  RunFolder folder;                        ///< empty path: a numbered folder, made at the start
  std::optional<system::FolderLock> lock;  ///< held for a run that is resumed or has begun
  std::optional<io::Checkpoint> resume;
};

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

/// Takes the folder of a new run. Checks again, since another process may have written there.
void take_folder(Job& job, const Options& options) {
  if (job.lock) return;
  if (job.folder.path().empty()) {
    job.folder = RunFolder(system::make_numbered_folder("runs", job.recipe.name));
  }
  job.lock.emplace(job.folder.path());
  job.folder.require_free(options.force);
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

/// The observers of a run, in this order: measurements first, then the files that record them, then
/// the messages to the user.
void add_observers(TrainingRun& run, const Options& options, const Session& session) {
  const auto images = std::make_shared<observers::EpochImages>();
  run.add(observers::epoch_evaluation(run.device(), run.recipe(), run.data().test, options.data,
                                      session.notifier()));
  run.add(observers::metrics_csv());
  run.add(observers::steps_csv());
  run.add(observers::metrics_lines());
  run.add(observers::tensorboard(images));
  run.add(observers::image_files(images));
  run.add(observers::latent_images());
  run.add(observers::decode_passes());
  run.add(observers::curve_files());
  run.add(observers::html_report());
  run.add(train_report(session, options.data));
}

int train(const Options& options, Session& session) {
  if (options.recipe.empty() == options.resume.empty()) {
    throw UsageError("train: expected a recipe or --resume RUN (see pumice train --help)");
  }
  if (!options.resume.empty() && session.seed) {
    throw UsageError("train: --resume continues with the run's own seed: leave --seed out");
  }
  Job job = options.resume.empty() ? new_job(options, session) : resumed_job(options, session);
  const TrainingData data = load_training_data(job.recipe, options.data, session.notifier());
  if (job.resume) {
    require_same_data(*job.resume, job.recipe, data, options.changed_data, session.notifier());
  }
  const io::Checkpoint* resume = job.resume ? &*job.resume : nullptr;
  const std::unique_ptr<hal::Device> device = session.open_device();
  if (resume != nullptr) tell_of_another_device(resume->training(), *device, session);
  tell_of_missing_precision(job.recipe, device->limits(), session);
  TrainingRun run(*device, job.recipe, data, resume,
                  kernels_for(*device, job.recipe, data, resume, options.tune, session));
  if (resume != nullptr) tell_of_other_kernels(resume->training(), run, session);
  add_observers(run, options, session);
  system::Interrupts interrupts;
  take_folder(job, options);
  run.open_folder(job.folder);
  const RunEnd end = run.go([&] { return interrupts.requested(); });
  return end == RunEnd::kStopped ? system::interrupted_exit_code() : 0;
}

void add_options(CLI::App& command, Options& options) {
  command.add_option("RECIPE", options.recipe, "A built-in recipe's name, or a .toml file");
  CLI::Option* resume = command.add_option(
      "--resume", options.resume, "Resume the run in this folder, exactly where it stopped");
  add_data_option(command, options.data);
  CLI::Option* out =
      command.add_option("--out", options.out, "The run's folder; default: runs/RECIPE-N");
  command.add_option("--epochs", options.epochs, "Number of epochs in total");
  command
      .add_option(
          "--minutes", options.minutes,
          "End after this time of training in all, even within an epoch, as if the schedule "
          "ended; 0: no limit")
      ->check(number_from(0));
  CLI::Option* batch = command.add_option("--batch", options.batch, "Images per step");
  CLI::Option* set =
      command.add_option("--set", options.set, "Change a key of the recipe: --set latent.size=32");
  set->allow_extra_args(false)->type_name("KEY=VALUE");
  add_tune_option(command, options.tune);
  CLI::Option* force = command.add_flag("--force", options.force,
                                        "Replace a run in --out; other folders are refused");
  CLI::Option* strict = command.add_flag("--strict", options.strict,
                                         "Fail on broken images of a folder and on files that "
                                         "are not images (default: skip them)");
  command
      .add_flag(
          "--changed-data", options.changed_data,
          "Resume even if the data has changed; the number of steps per epoch must be the same")
      ->needs(resume);
  // A resumed run keeps its options, or it would not be the same run.
  for (CLI::Option* other : {out, batch, set, force, strict}) resume->excludes(other);
}

}  // namespace

void add_train(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "train",
      "Trains a model. Ctrl-C stops after the step and saves; --resume continues from there.");
  auto options = std::make_shared<Options>();
  add_options(*command, *options);
  add_seed_option(*command, session,
                  "For initial weights, data order and noise; default: the recipe's");
  add_common_options(*command, session);
  command->footer(
      "Example:\n  pumice train vae-mlp-mnist --epochs 3 --set optimizer.learning_rate=5e-4");
  command->callback([options, &session] { session.exit_code = train(*options, session); });
}

}  // namespace pumice::commands
