#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "native/commands/open_model.h"
#include "native/commands/train_report.h"
#include "native/run/data_record.h"
#include "native/run/interrupts.h"
#include "native/run/load_data.h"

namespace pumice::commands {
namespace {

struct Options {
  std::string recipe;
  std::string resume;
  std::string data;
  std::string out;
  std::optional<uint32_t> epochs;
  std::optional<uint32_t> batch;
  std::vector<std::string> set;
  bool force = false;
  bool strict = false;
  bool changed_data = false;
};

/// What to train where.
struct Job {
  Recipe recipe;
  RunFolder folder;
  std::optional<io::Checkpoint> resume;
};

std::vector<std::string> overrides(const Options& options, const Session& session) {
  std::vector<std::string> texts = options.set;
  if (options.epochs) texts.push_back(fmt::format("train.epochs={}", *options.epochs));
  if (options.batch) texts.push_back(fmt::format("train.batch={}", *options.batch));
  if (options.strict) texts.emplace_back("data.strict=true");
  if (session.seed) texts.push_back(fmt::format("seed={}", *session.seed));
  return texts;
}

Job new_job(const Options& options, const Session& session) {
  Recipe recipe = load_recipe(options.recipe, overrides(options, session));
  RunFolder folder = options.out.empty() ? next_run_folder(recipe.name) : RunFolder(options.out);
  require(options.force || !folder.holds_run(),
          "{} already holds a run; go on with it (--resume {}), or replace it (--force)",
          folder.path().string(), folder.path().string());
  return {.recipe = recipe, .folder = folder, .resume = std::nullopt};
}

// A copy of a checkpoint elsewhere is no run: its folder is not ours to write into.
RunFolder folder_of(const io::Checkpoint& checkpoint) {
  std::filesystem::path file = checkpoint.file_name();
  RunFolder folder(folder_holding(file));
  require(folder.checkpoint().filename() == file.filename(),
          "{}: --resume expects a run's folder or the {} in it", file.string(),
          folder.checkpoint().filename().string());
  return folder;
}

Job resumed_job(const Options& options, const Session& session) {
  io::Checkpoint checkpoint = io::Checkpoint::read(checkpoint_of(options.resume));
  std::string where = checkpoint.file_name() + ": recipe";
  Recipe recipe = parse_recipe(checkpoint.training().recipe, where, overrides(options, session));
  uint32_t epoch = checkpoint.training().epoch;
  require(epoch < recipe.train.epochs,
          "{}: the run is complete, all {} epochs; for more of them add --epochs N",
          checkpoint.file_name(), recipe.train.epochs);
  RunFolder folder = folder_of(checkpoint);
  return {.recipe = recipe, .folder = folder, .resume = std::move(checkpoint)};
}

std::string go_on_command(const Options& options, const Session& session, const Job& job) {
  std::string command = fmt::format("pumice train --resume {}", job.folder.path().string());
  if (!options.data.empty()) command += " --data " + options.data;
  if (!session.device.empty()) command += fmt::format(" --device '{}'", session.device);
  return command;
}

void add_evaluation(TrainingRun& run, hal::Device& device, const Recipe& recipe,
                    const TrainingData& data, const Options& options, const Session& session) {
  if (recipe.evaluate.every == 0) return;
  run.add_evaluation(
      std::make_unique<EpochEvaluation>(device, recipe, data.test, options.data, session.say()));
}

int train(const Options& options, Session& session) {
  if (options.recipe.empty() == options.resume.empty()) {
    throw UsageError("train: expected a recipe or --resume RUN (see pumice train --help)");
  }
  if (!options.resume.empty() && session.seed) {
    throw UsageError("train: --resume goes on with the run's own seed: leave --seed out");
  }
  Job job = options.resume.empty() ? new_job(options, session) : resumed_job(options, session);
  const TrainingData data = load_training_data(job.recipe, options.data, session.say());
  if (job.resume) {
    require_same_data(*job.resume, job.recipe, data, options.changed_data, session.say());
  }
  std::unique_ptr<hal::Device> device = session.open_device();
  TrainingRun run(*device, job.recipe, data, job.folder, job.resume ? &*job.resume : nullptr);
  add_evaluation(run, *device, job.recipe, data, options, session);
  Interrupts interrupts;
  run.open_folder();
  std::unique_ptr<TrainReport> report = make_train_report(session);
  report->on_start(run, job.recipe, device->limits());
  bool complete = run.go(*report, [&] { return interrupts.requested(); });
  report->on_end(run, complete, go_on_command(options, session, job));
  return complete ? 0 : kInterruptedExitCode;
}

void add_options(CLI::App& command, Options& options) {
  command.add_option("RECIPE", options.recipe, "A built-in recipe's name, or a .toml file");
  CLI::Option* resume = command.add_option(
      "--resume", options.resume, "Go on with the run in this folder, exactly where it stopped");
  add_data_option(command, options.data);
  CLI::Option* out =
      command.add_option("--out", options.out, "The run's folder; default: runs/RECIPE-N");
  command.add_option("--epochs", options.epochs, "How often to see every picture");
  CLI::Option* batch = command.add_option("--batch", options.batch, "Pictures per step");
  CLI::Option* set =
      command.add_option("--set", options.set, "Change a key of the recipe: --set latent.size=32");
  set->allow_extra_args(false)->type_name("KEY=VALUE");
  CLI::Option* force = command.add_flag("--force", options.force, "Replace a run in --out");
  CLI::Option* strict = command.add_flag(
      "--strict", options.strict,
      "Refuse a folder's broken pictures and what is no picture; without: leave them "
      "out");
  command
      .add_flag("--changed-data", options.changed_data,
                "Go on although the data is not what the run began with (as many steps an epoch)")
      ->needs(resume);
  // A run goes on as it began, or it would not be the same run.
  for (CLI::Option* other : {out, batch, set, force, strict}) resume->excludes(other);
}

}  // namespace

void add_train(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "train",
      "Trains a model. Ctrl-C stops after the step and saves; --resume goes on from there.");
  auto options = std::make_shared<Options>();
  add_options(*command, *options);
  add_seed_option(*command, session, "Of initial weights, order and noise; default: the recipe's");
  add_common_options(*command, session);
  command->footer(
      "Example:\n  pumice train vae-mlp-mnist --epochs 3 --set optimizer.learning_rate=5e-4");
  command->callback([options, &session] { session.exit_code = train(*options, session); });
}

}  // namespace pumice::commands
