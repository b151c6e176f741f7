#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <set>

#include "native/commands/kernel_choices.h"
#include "native/commands/number_check.h"
#include "native/commands/open_model.h"
#include "native/commands/train/rank_device.h"
#include "native/commands/train/train_kernels.h"
#include "native/commands/train/train_ranks.h"
#include "native/commands/train/train_runs.h"
#include "native/training/data_record.h"

namespace pumice::commands {
namespace {

constexpr uint32_t kMostLosses = 3;  // of the device, in one process

void require_common_data(const TrainOptions& options, const std::vector<TrainJob>& jobs) {
  const auto name = [&](size_t i) {
    return options.resume.empty() ? options.recipes.at(i) : jobs[i].folder.path().string();
  };
  for (size_t i = 1; i < jobs.size(); ++i) {
    if (has_same_data(jobs[i].recipe, jobs.front().recipe)) continue;
    fail("{}: its data is not that of {}; only runs on the same data train together", name(i),
         name(0));
  }
}

void require_different(const std::vector<std::string>& folders, const std::string& option) {
  std::set<std::filesystem::path> seen;
  for (const std::string& folder : folders) {
    std::error_code ignored;
    std::filesystem::path place = std::filesystem::weakly_canonical(folder, ignored);
    if (!place.has_filename()) place = place.parent_path();  // "run/"
    if (!seen.insert(place).second) {
      throw UsageError(
          fmt::format("train: {}: expected different folders, got {} twice", option, folder));
    }
  }
}

void check_usage(const TrainOptions& options, const Session& session) {
  require_different(options.out, "--out");
  require_different(options.resume, "--resume");
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

int train_on_device(std::optional<SeedRuns>& seeds, std::vector<TrainJob>& jobs,
                    const TrainingData& data, const TrainOptions& options, Session& session) {
  const std::unique_ptr<hal::Device> device = session.open_device();
  for (const TrainJob& job : jobs) {
    if (job.resume) tell_of_another_device(job.resume->training(), *device, session);
  }
  tell_of_missing_precision(jobs.front().recipe, device->limits(), session);
  return TrainRuns(session, options, seeds, jobs, data, *device, train::single_rank()).go();
}

std::string place_of(const std::vector<TrainJob>& jobs) {
  if (jobs.size() > 1) return fmt::format("the last checkpoints of {} runs", jobs.size());
  const auto& resume = jobs.front().resume;
  return fmt::format("step {}", resume ? resume->training().step : 0);
}

int train_despite_losses(std::optional<SeedRuns>& seeds, std::vector<TrainJob>& jobs,
                         const TrainingData& data, const TrainOptions& options, Session& session) {
  for (uint32_t losses = 1;; ++losses) {
    try {
      return train_on_device(seeds, jobs, data, options, session);
    } catch (const hal::DeviceLost& loss) {
      if (losses > kMostLosses) throw;
      take_up_again(jobs);
      if (jobs.empty()) throw;
      session.note(fmt::format("{}; opening it anew ({} of {}) and continuing after {}",
                               loss.what(), losses, kMostLosses, place_of(jobs)));
    }
  }
}

TrainingData load_data(const std::vector<TrainJob>& jobs, const TrainOptions& options,
                       const Session& session) {
  require_common_data(options, jobs);
  TrainingData data = load_training_data(jobs.front().recipe, options.data, session.notifier());
  for (const TrainJob& job : jobs) {
    if (!job.resume) continue;
    require_same_data(*job.resume, job.recipe, data, options.changed_data, session.notifier());
  }
  return data;
}

/// One of several ranks.
int train_as_rank(const TrainOptions& options, Session& session, train::Ranks& ranks) {
  require_one_run(options, ranks);
  std::optional<SeedRuns> seeds;
  std::vector<TrainJob> jobs;
  TrainingData data;
  std::unique_ptr<hal::Device> device;
  std::optional<TrainRuns> runs;
  const std::string wanted = session.device;
  train::do_together(ranks, [&] {
    seeds = seed_runs_of(options, session);
    jobs = jobs_of(options, seeds, session, ranks.rank() == 0);
    require(!seeds, "train: {} ranks train one run together; several seeds train without them",
            ranks.size());
    data = load_data(jobs, options, session);
    session.device = device_of_rank(session.backend().list(), wanted, ranks);
    device = session.open_device();
    session.device = wanted;
    const TrainJob& job = jobs.front();
    if (job.resume) tell_of_another_device(job.resume->training(), *device, session);
    tell_of_missing_precision(job.recipe, device->limits(), session);
    runs.emplace(session, options, seeds, jobs, data, *device, ranks);
  });
  return train_to_end(*runs, ranks);
}

int tell_all_complete(const SeedRuns& seeds, const Session& session) {
  session.note(fmt::format("{}: all {} runs are complete; to train longer, add --epochs N",
                           seeds.folder.string(), seeds.seeds.size()));
  show_seeds(seeds.folder, seeds.recipe, session);
  return 0;
}

int train(const TrainOptions& options, Session& session) {
  check_usage(options, session);
  const std::unique_ptr<train::Ranks> ranks = join_ranks(session);
  if (ranks) return train_as_rank(options, session, *ranks);
  std::optional<SeedRuns> seeds = seed_runs_of(options, session);
  std::vector<TrainJob> jobs = jobs_of(options, seeds, session);
  if (jobs.empty()) return tell_all_complete(*seeds, session);
  const TrainingData data = load_data(jobs, options, session);
  return train_despite_losses(seeds, jobs, data, options, session);
}

void add_options(CLI::App& command, TrainOptions& options) {
  command.add_option("RECIPE", options.recipes,
                     "A built-in recipe's name, or a .toml file; several on the same data train "
                     "together");
  CLI::Option* resume =
      command.add_option("--resume", options.resume,
                         "Resume the run in this folder, exactly where it stopped; or all runs "
                         "of --seeds, by the folder that holds them; several runs on the same "
                         "data train together");
  CLI::Option* seeds = command.add_option(
      "--seeds", options.seeds,
      "Train a run with each of these seeds, together on one device, and compare: --seeds 1,2,3");
  seeds->delimiter(',')->allow_extra_args(false)->check(seed_check);
  command
      .add_option("--together", options.together,
                  "At most this many of several runs at the same time; default: as many as fit "
                  "into the device's memory")
      ->check(CLI::Range(1u, 64u));
  add_data_option(command, options.data);
  CLI::Option* out =
      command.add_option("--out", options.out,
                         "The run's folder, once for each recipe; with --seeds the folder of "
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
#ifdef PUMICE_SERVE
  command.add_flag("--watch", options.watch,
                   "Show the runs' report in the browser while they train; the address is printed");
#endif
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
