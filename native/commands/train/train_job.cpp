#include "native/commands/train/train_job.h"

#include "engine/base/count_of.h"
#include "native/commands/train/seeds_table.h"
#include "native/system/shell.h"
#include "native/training/checkpoint_files.h"
#include "native/training/run_length.h"

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

Recipe with_seed(Recipe recipe, uint64_t seed) {
  recipe.seed = seed;
  return recipe;
}

TrainJob new_job(const Recipe& recipe, const RunFolder& folder, bool force) {
  if (!folder.path().empty()) folder.require_free(force);
  return {.recipe = recipe, .folder = folder, .lock = {}, .resume = {}};
}

/// The folder resumes all runs; a single one's would resume only that.
void require_new_seeds(const TrainOptions& options, const SeedRuns& seeds) {
  if (options.force || !holds_seed_runs(seeds.folder)) return;
  for (uint64_t seed : options.seeds) {
    require(!RunFolder(seed_folder(seeds.folder, seed)).holds_run(),
            "{} already holds the run with seed {}; resume all of its runs (--resume {}), or "
            "replace those of --seeds (--force)",
            seeds.folder.string(), seed, system::shell_word(seeds.folder.string()));
  }
}

std::vector<TrainJob> jobs_of_seeds(const TrainOptions& options, const SeedRuns& seeds) {
  require_new_seeds(options, seeds);
  std::vector<TrainJob> jobs;
  for (uint64_t seed : options.seeds) {
    const RunFolder folder(seeds.folder.empty() ? "" : seed_folder(seeds.folder, seed));
    jobs.push_back(new_job(with_seed(seeds.recipe, seed), folder, options.force));
  }
  return jobs;
}

std::vector<TrainJob> new_jobs(const TrainOptions& options, const std::optional<SeedRuns>& seeds,
                               const Session& session) {
  if (seeds) return jobs_of_seeds(options, *seeds);
  std::vector<TrainJob> jobs;
  for (size_t i = 0; i < options.recipes.size(); ++i) {
    const RunFolder folder(options.out.empty() ? "" : options.out[i]);
    const Recipe recipe = load_recipe(options.recipes[i], overrides(options, session));
    jobs.push_back(new_job(recipe, folder, options.force));
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

/// Nothing is left to train.
class RunComplete : public Error {
 public:
  using Error::Error;
};

/// Returns a note for the user, or nothing: see seconds_trained.
std::string require_time_left(const Recipe& recipe, const RunFolder& folder) {
  std::string note;
  if (!is_budget_used(folder, recipe.train.minutes, note)) return note;
  throw RunComplete(fmt::format(
      "{}: the run's {:.5g} minutes are used; to train longer, add --minutes M (in all; 0: no "
      "limit)",
      folder.path().string(), recipe.train.minutes));
}

/// Folders of earlier versions do not remember the runs in them.
std::string advice_on_seeds(const std::filesystem::path& folder) {
  std::error_code ignored;
  const bool has_table = std::filesystem::exists(seeds_file(folder), ignored);
  return has_table ? "; name the runs that it holds: seed-1, seed-2, …" : "";
}

void require_epochs_left(const std::filesystem::path& file, uint32_t epoch, uint32_t epochs) {
  if (epoch < epochs) return;
  throw RunComplete(
      fmt::format("{}: the run {} {}; to train longer, add --epochs N", file.string(),
                  epoch == epochs ? "is complete after" : "has already been trained for",
                  count_of(epoch, "epoch")));
}

/// `expected`: of one of several seeds. The folder may hold another run, by a copy.
void require_expected(const std::filesystem::path& file, const Recipe& recipe,
                      const Recipe* expected) {
  require(expected == nullptr || recipe == *expected,
          "{}: expected the run with seed {} of the folder's recipe, found seed {}{}",
          file.string(), expected ? expected->seed : 0, recipe.seed,
          expected && recipe.seed == expected->seed ? " of another" : "");
}

// Locked before it is read: another process may still be writing it.
TrainJob resumed_job(const std::string& run, const std::vector<std::string>& changes,
                     const Session& session, bool writes, const Recipe* expected = nullptr) {
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(run, ignored);
  if (!is_folder) refuse_exported(run);
  const RunFolder folder = is_folder ? RunFolder(run) : folder_of(run);
  const std::filesystem::path file = folder.checkpoint();
  require(folder.holds_run(), "{}: expected the folder of a run, found no {} in it{}",
          folder.path().string(), file.filename().string(), advice_on_seeds(folder.path()));
  folder.require_run();
  std::optional<system::FolderLock> lock;
  if (writes) lock.emplace(folder.path());
  ResumePoint point = resume_point(folder);
  const io::TrainingRecord record = point.checkpoint.training();
  folder.require_resumable(record.recipe);
  if (folder.has_cut_recipe(record.recipe)) {
    session.note(fmt::format("{}: it was cut off; it is written again from the checkpoint",
                             folder.recipe().string()));
  }
  const Recipe recipe = parse_recipe(record.recipe, file.string() + ": recipe", changes);
  require_expected(file, recipe, expected);
  require_epochs_left(file, record.epoch, recipe.train.epochs);
  for (const std::string& note : {require_time_left(recipe, folder), point.note}) {
    if (!note.empty()) session.note(note);
  }
  return {.recipe = recipe,
          .folder = folder,
          .lock = std::move(lock),
          .resume = std::move(point.checkpoint)};
}

std::vector<TrainJob> resumed_jobs(const TrainOptions& options, const Session& session,
                                   bool writes) {
  std::vector<TrainJob> jobs;
  std::optional<RunComplete> complete;
  for (const std::string& run : options.resume) {
    try {
      jobs.push_back(resumed_job(run, overrides(options, session), session, writes));
    } catch (const RunComplete& error) {
      complete = error;
      if (options.resume.size() > 1) session.note(error.what());
    }
  }
  if (jobs.empty() && complete) throw *complete;
  return jobs;
}

// All are trained as long as the folder says, even if some have been resumed before. None is left
// if all are as long as the folder says; throws RunComplete if they are as long as `options` say.
std::vector<TrainJob> resumed_seeds(const SeedRuns& seeds, const TrainOptions& options,
                                    const Session& session, bool writes) {
  std::vector<std::string> changes = overrides(options, session);
  changes.push_back(fmt::format("train.epochs={}", seeds.recipe.train.epochs));
  changes.push_back(fmt::format("train.minutes={}", seeds.recipe.train.minutes));
  std::vector<TrainJob> jobs;
  std::optional<RunComplete> complete;
  for (uint64_t seed : seeds.seeds) {
    const RunFolder folder(seed_folder(seeds.folder, seed));
    const Recipe recipe = with_seed(seeds.recipe, seed);
    try {
      jobs.push_back(folder.holds_run()
                         ? resumed_job(folder.path().string(), changes, session, writes, &recipe)
                         : new_job(recipe, folder, false));
    } catch (const RunComplete& error) {  // is in the table
      complete = error;
    }
  }
  if (jobs.empty() && complete && (options.epochs || options.minutes)) throw *complete;
  return jobs;
}

SeedRuns new_seed_runs(const TrainOptions& options, const Session& session) {
  const std::filesystem::path parent = options.out.empty() ? "" : options.out.front();
  if (!parent.empty()) require_no_run(parent);
  std::vector<std::string> changes = overrides(options, session);
  changes.push_back(fmt::format("seed={}", options.seeds.front()));
  return {.folder = parent,
          .recipe = load_recipe(options.recipes.front(), changes),
          .seeds = options.seeds,
          .together = options.together,
          .tune = options.tune == "redo" ? "auto" : options.tune};  // measures once
}

}  // namespace

std::optional<SeedRuns> seed_runs_of(const TrainOptions& options, const Session& session) {
  if (!options.seeds.empty()) return with_earlier(new_seed_runs(options, session), options.force);
  for (const std::string& run : options.resume) {
    if (!holds_seed_runs(run)) continue;
    require(options.resume.size() == 1,
            "{}: holds runs of several seeds; expected it alone behind --resume, or single runs",
            run);
    SeedRuns seeds = read_seed_runs(run, overrides(options, session));
    if (options.together > 0) seeds.together = options.together;
    return seeds;
  }
  return {};
}

std::vector<TrainJob> jobs_of(const TrainOptions& options, const std::optional<SeedRuns>& seeds,
                              const Session& session, bool writes) {
  if (options.resume.empty()) return new_jobs(options, seeds, session);
  return seeds ? resumed_seeds(*seeds, options, session, writes)
               : resumed_jobs(options, session, writes);
}

void take_up_again(std::vector<TrainJob>& jobs) {
  std::vector<TrainJob> left;
  for (TrainJob& job : jobs) {
    job.resume.reset();
    const bool has_begun = job.lock.has_value();  // otherwise the folder may hold an older run
    if (has_begun && job.folder.holds_run()) job.resume = resume_point(job.folder).checkpoint;
    std::string ignored;
    const bool is_complete =
        job.resume && (job.resume->training().epoch >= job.recipe.train.epochs ||
                       is_budget_used(job.folder, job.recipe.train.minutes, ignored));
    if (!is_complete) left.push_back(std::move(job));
  }
  jobs = std::move(left);
}

}  // namespace pumice::commands
