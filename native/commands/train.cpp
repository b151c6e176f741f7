#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <set>

#include "engine/base/count_of.h"
#include "native/commands/kernel_choices.h"
#include "native/commands/number_check.h"
#include "native/commands/open_model.h"
#include "native/commands/seeds_table.h"
#include "native/commands/train_kernels.h"
#include "native/commands/train_runs.h"
#include "native/training/data_record.h"

namespace pumice::commands {
namespace {

std::vector<std::string> overrides(const TrainOptions& options, const Session& session) {
  std::vector<std::string> texts = options.set;
  if (options.epochs) texts.push_back(fmt::format("train.epochs={}", *options.epochs));
  if (options.minutes) texts.push_back(fmt::format("train.minutes={}", *options.minutes));
  if (options.batch) texts.push_back(fmt::format("train.batch={}", *options.batch));
  if (options.strict) texts.emplace_back("data.strict=true");
  if (session.seed) texts.push_back(fmt::format("seed={}", *session.seed));
  return texts;
}

void require_no_run(const std::filesystem::path& parent) {
  require(!RunFolder(parent).holds_run(),
          "{}: holds a run; --seeds expects a folder for several: choose another one (--out)",
          parent.string());
  require(may_write_seeds(seeds_file(parent)),
          "{}: Pumice did not write this file, and the table of seeds would overwrite it: choose "
          "another folder (--out)",
          seeds_file(parent).string());
}

TrainJob new_job(const std::string& recipe, const std::vector<std::string>& changes,
                 const RunFolder& folder, bool force) {
  TrainJob job{.recipe = load_recipe(recipe, changes), .folder = folder, .lock = {}, .resume = {}};
  if (!folder.path().empty()) folder.require_free(force);
  return job;
}

std::vector<TrainJob> jobs_of_seeds(const TrainOptions& options, const Session& session) {
  const std::filesystem::path parent = options.out.empty() ? "" : options.out.front();
  if (!parent.empty()) require_no_run(parent);
  std::vector<TrainJob> jobs;
  for (uint64_t seed : options.seeds) {
    std::vector<std::string> changes = overrides(options, session);
    changes.push_back(fmt::format("seed={}", seed));
    const RunFolder folder(parent.empty() ? "" : seed_folder(parent, seed));
    jobs.push_back(new_job(options.recipes.front(), changes, folder, options.force));
  }
  return jobs;
}

std::vector<TrainJob> new_jobs(const TrainOptions& options, const Session& session) {
  if (!options.seeds.empty()) return jobs_of_seeds(options, session);
  std::vector<TrainJob> jobs;
  for (size_t i = 0; i < options.recipes.size(); ++i) {
    const RunFolder folder(options.out.empty() ? "" : options.out[i]);
    jobs.push_back(new_job(options.recipes[i], overrides(options, session), folder, options.force));
  }
  return jobs;
}

// A copy of a checkpoint elsewhere is not a run: its folder is not ours to write to.
RunFolder folder_of(const std::filesystem::path& file) {
  RunFolder folder(folder_holding(file));
  require(folder.checkpoint().filename() == file.filename(),
          "{}: --resume expects a run's folder or the {} in it", file.string(),
          folder.checkpoint().filename().string());
  return folder;
}

void refuse_exported(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return;
  require(!io::is_exported(io::SafetensorsHeader::read(file)),
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
TrainJob resumed_job(const std::string& run, const TrainOptions& options, const Session& session) {
  const std::filesystem::path file = checkpoint_of(run);
  refuse_exported(file);
  const RunFolder folder = folder_of(file);
  require(folder.holds_run(), "{}: expected the folder of a run, found no {} in it",
          folder.path().string(), file.filename().string());
  folder.require_run();
  system::FolderLock lock(folder.path());
  io::Checkpoint checkpoint = io::Checkpoint::read(file);
  const io::TrainingRecord record = checkpoint.training();
  folder.require_resumable(record.recipe);
  Recipe recipe =
      parse_recipe(record.recipe, file.string() + ": recipe", overrides(options, session));
  require(record.epoch < recipe.train.epochs,
          "{}: the run is complete after {}; to train longer, add --epochs N", file.string(),
          count_of(recipe.train.epochs, "epoch"));
  require_time_left(recipe, folder);
  return {
      .recipe = recipe, .folder = folder, .lock = std::move(lock), .resume = std::move(checkpoint)};
}

std::vector<TrainJob> resumed_jobs(const TrainOptions& options, const Session& session) {
  std::vector<TrainJob> jobs;
  for (const std::string& run : options.resume) {
    jobs.push_back(resumed_job(run, options, session));
  }
  return jobs;
}

void require_common_data(const TrainOptions& options, const std::vector<TrainJob>& jobs) {
  if (!options.seeds.empty()) return;
  const std::vector<std::string>& names = options.resume.empty() ? options.recipes : options.resume;
  for (size_t i = 1; i < jobs.size(); ++i) {
    require(has_same_data(jobs[i].recipe, jobs.front().recipe),
            "{}: its data is not that of {}; only runs on the same data train together", names[i],
            names.front());
  }
}

void check_usage(const TrainOptions& options, const Session& session) {
  if (options.recipes.empty() == options.resume.empty()) {
    throw UsageError("train: expected a recipe or --resume RUN (see pumice train --help)");
  }
  if (!options.resume.empty() && session.seed) {
    throw UsageError("train: --resume continues with the run's own seed: leave --seed out");
  }
  if (!options.seeds.empty() && session.seed) {
    throw UsageError("train: expected --seed or --seeds, not both");
  }
  const size_t outs = options.seeds.empty() ? options.recipes.size() : 1;
  if (!options.seeds.empty() && options.recipes.size() > 1) {
    throw UsageError("train: --seeds expects one recipe");
  }
  if (!options.out.empty() && options.out.size() != outs) {
    throw UsageError(fmt::format("train: expected one --out{}, got {}",
                                 outs == 1 ? "" : fmt::format(" for each of {} recipes", outs),
                                 options.out.size()));
  }
  const std::set<uint64_t> different(options.seeds.begin(), options.seeds.end());
  if (different.size() < options.seeds.size()) {
    throw UsageError("train: --seeds expects different seeds");
  }
}

int train(const TrainOptions& options, Session& session) {
  check_usage(options, session);
  std::vector<TrainJob> jobs =
      options.resume.empty() ? new_jobs(options, session) : resumed_jobs(options, session);
  require_common_data(options, jobs);
  const Recipe& recipe = jobs.front().recipe;
  const TrainingData data = load_training_data(recipe, options.data, session.notifier());
  for (const TrainJob& job : jobs) {
    if (!job.resume) continue;
    require_same_data(*job.resume, job.recipe, data, options.changed_data, session.notifier());
  }
  const std::unique_ptr<hal::Device> device = session.open_device();
  for (const TrainJob& job : jobs) {
    if (job.resume) tell_of_another_device(job.resume->training(), *device, session);
  }
  tell_of_missing_precision(recipe, device->limits(), session);
  return TrainRuns(session, options, jobs, data, *device).go();
}

void add_options(CLI::App& command, TrainOptions& options) {
  command.add_option("RECIPE", options.recipes,
                     "A built-in recipe's name, or a .toml file; several on the same data train "
                     "together");
  CLI::Option* resume =
      command.add_option("--resume", options.resume,
                         "Resume the run in this folder, exactly where it stopped; several runs on "
                         "the same data train together");
  CLI::Option* seeds = command.add_option(
      "--seeds", options.seeds,
      "Train a run with each of these seeds, together on one device, and compare: --seeds 1,2,3");
  seeds->delimiter(',')->allow_extra_args(false);
  command
      .add_option("--together", options.together,
                  "At most this many of several runs at the same time; default: as many as fit "
                  "into the device's memory")
      ->check(CLI::Range(1u, 64u));
  add_data_option(command, options.data);
  CLI::Option* out = command.add_option("--out", options.out,
                                        "The run's folder, with --seeds the folder of "
                                        "theirs; default: runs/RECIPE-N, runs/RECIPE-seeds-N");
  out->allow_extra_args(false);
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
  for (CLI::Option* other : {out, batch, set, seeds, force, strict}) resume->excludes(other);
}

}  // namespace

void add_train(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "train",
      "Trains a model. Ctrl-C stops after the step and saves; --resume continues from there.");
  auto options = std::make_shared<TrainOptions>();
  add_options(*command, *options);
  add_seed_option(*command, session,
                  "For initial weights, data order and noise; default: the recipe's");
  add_common_options(*command, session);
  command->footer(
      "Examples:\n  pumice train vae-mlp-mnist --epochs 3 --set optimizer.learning_rate=5e-4\n"
      "  pumice train vae-mlp-mnist --seeds 1,2,3,4");
  command->callback([options, &session] { session.exit_code = train(*options, session); });
}

}  // namespace pumice::commands
