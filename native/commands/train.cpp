#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "native/commands/kernel_choices.h"
#include "native/commands/number_check.h"
#include "native/commands/open_model.h"
#include "native/commands/train_job.h"
#include "native/commands/train_kernels.h"
#include "native/commands/train_report.h"
#include "native/observers/observers.h"
#include "native/system/interrupts.h"
#include "native/training/checkpoint_files.h"
#include "native/training/data_record.h"
#include "native/training/load_data.h"
#include "native/training/training_run.h"

namespace pumice::commands {
namespace {

using Options = TrainOptions;

constexpr uint32_t kMostLosses = 3;  // of the device, in one process

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

/// Trains to the end on a device that is opened for it.
RunEnd train_on_device(TrainJob& job, const TrainingData& data, const Options& options,
                       Session& session) {
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
  return run.go([&] { return interrupts.requested(); });
}

/// Where a run that lost its device begins again: at its latest checkpoint if it has one.
void take_up_again(TrainJob& job, const hal::DeviceLost& loss, uint32_t losses,
                   const Session& session) {
  job.resume.reset();
  const bool has_begun = job.lock.has_value();  // otherwise the folder may hold an older run
  if (has_begun && job.folder.holds_run()) job.resume = resume_point(job.folder).checkpoint;
  session.note(fmt::format("{}; opening it anew ({} of {}) and continuing after step {}",
                           loss.what(), losses, kMostLosses,
                           job.resume ? job.resume->training().step : 0));
}

RunEnd train_despite_losses(TrainJob& job, const TrainingData& data, const Options& options,
                            Session& session) {
  for (uint32_t losses = 1;; ++losses) {
    try {
      return train_on_device(job, data, options, session);
    } catch (const hal::DeviceLost& loss) {
      if (losses > kMostLosses) throw;
      take_up_again(job, loss, losses, session);
    }
  }
}

int train(const Options& options, Session& session) {
  if (options.recipe.empty() == options.resume.empty()) {
    throw UsageError("train: expected a recipe or --resume RUN (see pumice train --help)");
  }
  if (!options.resume.empty() && session.seed) {
    throw UsageError("train: --resume continues with the run's own seed: leave --seed out");
  }
  TrainJob job = job_of(options, session);
  const TrainingData data = load_training_data(job.recipe, options.data, session.notifier());
  if (job.resume) {
    require_same_data(*job.resume, job.recipe, data, options.changed_data, session.notifier());
  }
  const RunEnd end = train_despite_losses(job, data, options, session);
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
