#include "native/commands/train_runs.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "native/commands/seeds_table.h"
#include "native/commands/train_kernels.h"
#include "native/commands/train_ranks.h"
#include "native/commands/train_report.h"
#include "native/observers/observers.h"
#include "native/system/interrupts.h"

namespace pumice::commands {
namespace {

constexpr double kMiB = 1 << 20;

/// "1, 2, 3".
std::string list_of(const std::vector<std::string>& words, std::string_view separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

}  // namespace

struct TrainRuns::Run {
  template <typename... Arguments>
  explicit Run(size_t job, Arguments&&... arguments)
      : job(job), training(std::forward<Arguments>(arguments)...) {}

  size_t job;
  TrainingRun training;
};

/// Runs that train at the same time.
struct TrainRuns::Group {
  std::unique_ptr<TogetherReport> report;  ///< for people, of several runs
  std::vector<std::unique_ptr<Run>> runs;
};

TrainRuns::TrainRuns(const Session& session, const TrainOptions& options,
                     std::vector<TrainJob>& jobs, const TrainingData& data, hal::Device& device,
                     train::Ranks& ranks)
    : session_(session),
      options_(options),
      jobs_(jobs),
      data_(data),
      device_(device),
      ranks_(ranks) {
  for (size_t i = 0; i < jobs_.size(); ++i) {
    const TrainJob& job = jobs_[i];
    const io::Checkpoint* resume = job.resume ? &*job.resume : nullptr;
    const bool is_known = i > 0 && resume == nullptr && is_same_but_for_seed(i, i - 1);
    kernels_.push_back(
        is_known ? kernels_.back()
                 : kernels_for(device, job.recipe, data, resume, options.tune, session, ranks));
  }
}

bool TrainRuns::is_same_but_for_seed(size_t a, size_t b) const {
  Recipe recipe = jobs_[a].recipe;
  recipe.seed = jobs_[b].recipe.seed;
  return recipe == jobs_[b].recipe;
}

int TrainRuns::go() {
  std::vector<size_t> groups = plan_groups();
  uploaded_ = upload(device_, data_);
  size_t begun = 0;
  std::optional<system::Interrupts> interrupts;
  const auto stop = [&] { return interrupts->requested(); };
  for (size_t i = 0; i < groups.size() && !(interrupts && stop()); ++i) {
    Group group;
    train::do_together(ranks_, [&] { group = build(begun, groups[i]); });
    const size_t built = group.runs.size();
    if (built < groups[i])
      groups.insert(groups.begin() + static_cast<ptrdiff_t>(i) + 1, groups[i] - built);
    begun += built;
    if (!interrupts) interrupts.emplace();  // the observers may have had their own
    train(group, stop);
  }
  if (ranks_.rank() == 0) show_seeds();
  tell_how_to_resume(begun);
  if (!stopped_.empty() || begun < jobs_.size()) return system::interrupted_exit_code();
  require(failed_.empty(), "train: {} of {} failed", failed_.size(), count_of(jobs_.size(), "run"));
  return 0;
}

/// The sizes of groups of consecutive jobs that train together.
std::vector<size_t> TrainRuns::plan_groups() const {
  if (jobs_.size() == 1) return {1};
  TrainingMemory memory;
  std::vector<uint64_t> runs;
  for (size_t i = 0; i < jobs_.size(); ++i) {
    const bool is_known = i > 0 && is_same_but_for_seed(i, i - 1) && kernels_[i] == kernels_[i - 1];
    if (!is_known) {
      memory = training_memory(device_.limits(), jobs_[i].recipe, data_, kernels_[i]);
    }
    runs.push_back(memory.run);
  }
  std::vector<size_t> groups =
      groups_that_fit(device_.limits(), runs, memory.data, options_.together);
  memory.run = *std::ranges::max_element(runs);
  tell_groups(groups, memory);
  return groups;
}

void TrainRuns::tell_groups(const std::vector<size_t>& groups, const TrainingMemory& memory) const {
  std::vector<std::string> sizes;
  for (size_t size : groups) sizes.push_back(fmt::to_string(size));
  std::string order = "together";
  if (groups.size() > 1) order += ", in groups of " + list_of(sizes, ", ");
  if (std::ranges::max(groups) == 1) order = "one after another";
  session_.note(fmt::format("{} {} ({:.1f} MiB each, {:.1f} MiB of images{})",
                            count_of(jobs_.size(), "run"), order, double(memory.run) / kMiB,
                            double(memory.data) / kMiB,
                            device_.limits().memory_bytes == 0
                                ? ""
                                : fmt::format("; {} has {:.0f} MiB", device_.limits().device_name,
                                              double(device_.limits().memory_bytes) / kMiB)));
}

/// What to do if a run does not fit into the device's memory even alone.
std::string TrainRuns::advice_on_memory(const TrainJob& job) const {
  const std::optional<uint32_t> batch = batch_that_fits(device_.limits(), job.recipe, data_);
  return batch ? fmt::format("; of {} images instead of {}, a batch fits: --batch {}", *batch,
                             job.recipe.train.batch, *batch)
               : "";
}

/// As many of the runs as the device can hold, at least one.
TrainRuns::Group TrainRuns::build(size_t begin, size_t count) {
  Group group;
  for (size_t job = begin; job < begin + count; ++job) {
    const TrainJob& wanted = jobs_[job];
    const io::Checkpoint* resume = wanted.resume ? &*wanted.resume : nullptr;
    try {
      group.runs.push_back(std::make_unique<Run>(job, device_, wanted.recipe, data_, resume,
                                                 kernels_[job], uploaded_, ranks_));
    } catch (const hal::OutOfMemory& error) {
      if (group.runs.empty()) throw hal::OutOfMemory(error.what() + advice_on_memory(wanted));
      session_.note(fmt::format("{}; {} together, the others afterwards", error.what(),
                                count_of(group.runs.size(), "run")));
      break;
    }
    if (resume != nullptr) {
      tell_of_other_kernels(resume->training(), group.runs.back()->training, session_);
    }
  }
  if (group.runs.size() > 1 && !session_.json) {
    bool are_alike = true;
    for (const auto& run : group.runs) are_alike &= is_same_but_for_seed(begin, run->job);
    group.report = std::make_unique<TogetherReport>(group.runs.size(), are_alike);
  }
  for (size_t i = 0; i < group.runs.size() && ranks_.rank() == 0; ++i) {
    add_observers(group.runs[i]->training,
                  group.report ? group.report->observer(i) : train_report(session_, options_.data));
  }
  return group;
}

/// The observers of a run, in this order: measurements first, then the files that record them, then
/// the messages to the user.
void TrainRuns::add_observers(TrainingRun& training, std::unique_ptr<RunObserver> report) const {
  const auto images = std::make_shared<observers::EpochImages>();
  training.add(observers::epoch_evaluation(device_, training.recipe(), data_.test, options_.data,
                                           session_.notifier()));
  training.add(observers::metrics_csv(session_.notifier()));
  training.add(observers::steps_csv(session_.notifier()));
  training.add(observers::metrics_lines(session_.notifier()));
  training.add(observers::tensorboard(images));
  training.add(observers::image_files(images));
  training.add(observers::latent_images());
  training.add(observers::decode_passes());
  training.add(observers::curve_files());
  training.add(observers::html_report());
  training.add(std::move(report));
}

/// Takes the folders of new runs. Checks again, since another process may have written there.
void TrainRuns::take_folders() {
  if (std::exchange(has_folders_, true)) return;
  if (!options_.seeds.empty() && jobs_.front().folder.path().empty()) {
    const std::filesystem::path parent =
        system::make_numbered_folder("runs", jobs_.front().recipe.name + "-seeds");
    for (TrainJob& job : jobs_) job.folder = RunFolder(seed_folder(parent, job.recipe.seed));
  }
  for (TrainJob& job : jobs_) {
    if (job.lock) continue;
    if (job.folder.path().empty()) {
      job.folder = RunFolder(system::make_numbered_folder("runs", job.recipe.name));
    }
    job.lock.emplace(job.folder.path());
    job.folder.require_free(options_.force);
  }
  if (!options_.seeds.empty()) write_seeds(seeds_file(seeds_parent()), {});
}

void TrainRuns::train(Group& group, const TrainingRun::Stop& stop) {
  std::vector<NamedRun> runs;
  if (ranks_.size() > 1) require_same_run(group.runs.front()->training);
  train::do_together(ranks_, [&] { runs = open_folders(group); });
  if (ranks_.size() > 1) tell_of_ranks(group.runs.front()->training, session_);
  train_together(device_, runs, stop, [&](const FailedRun& failed) {
    if (jobs_.size() == 1) throw;
    if (group.report) group.report->drop(failed.index);
    fail_run(group.runs[failed.index]->job, failed.reason);
  });
  for (const auto& run : group.runs) {
    const bool has_failed = std::ranges::count(failed_, run->job) > 0;
    if (run->training.end() == RunEnd::kStopped && !has_failed) stopped_.push_back(run->job);
  }
  if (ranks_.size() > 1) tell_of_exchange(group.runs.front()->training, session_);
}

std::vector<NamedRun> TrainRuns::open_folders(Group& group) {
  const bool writes = ranks_.rank() == 0;
  if (writes) take_folders();
  std::vector<NamedRun> runs;
  for (const auto& run : group.runs) {
    const RunFolder& folder = jobs_[run->job].folder;
    if (writes) run->training.open_folder(folder);
    runs.push_back({&run->training, folder.path().filename().string()});
  }
  return runs;
}

void TrainRuns::fail_run(size_t job, const std::string& reason) {
  failed_.push_back(job);
  const std::string folder = jobs_[job].folder.path().string();
  if (!session_.json) return session_.note(fmt::format("{}: {}", folder, reason));
  session_.print("", {{"event", "failed"}, {"run", folder}, {"reason", reason}});
}

/// The folder that holds the jobs' folders if these are the runs of several seeds.
std::filesystem::path TrainRuns::seeds_parent() const {
  const std::filesystem::path parent = folder_holding(jobs_.front().folder.path());
  for (const TrainJob& job : jobs_) {
    if (job.folder.path() != seed_folder(parent, job.recipe.seed)) return "";
  }
  return parent;
}

void TrainRuns::show_seeds() const {
  const std::filesystem::path parent = seeds_parent();
  std::error_code ignored;
  const std::filesystem::path file = seeds_file(parent);
  if (parent.empty() || !std::filesystem::exists(file, ignored) || !may_write_seeds(file)) return;
  std::vector<std::string> others;
  const std::vector<SeedResult> results = read_seeds(parent, jobs_.front().recipe, others);
  if (!others.empty()) {
    session_.note(fmt::format("{} leaves out {}, of another recipe or number of epochs",
                              file.string(), list_of(others, ", ")));
  }
  write_seeds(file, results);
  if (results.empty()) return;
  nlohmann::json rows = nlohmann::json::array();
  for (const SeedResult& result : results) {
    nlohmann::json test = nlohmann::json::object();
    for (const Metric& metric : result.test) test[metric.name] = metric.value;
    rows.push_back({{"seed", result.seed}, {"run", result.folder}, {"test", test}});
  }
  session_.print(fmt::format("\n{}\n\ntable: {}", seeds_table(results).text(), file.string()),
                 {{"event", "seeds"}, {"runs", rows}, {"table", file.string()}});
}

/// The command line for the jobs from `first`, which have not begun.
std::vector<std::string> TrainRuns::words_to_begin(size_t first) const {
  std::vector<std::string> words{"train"}, seeds;
  for (size_t job = first; job < jobs_.size(); ++job) {
    seeds.push_back(fmt::to_string(jobs_[job].recipe.seed));
    if (options_.seeds.empty()) words.push_back(options_.recipes.at(job));
  }
  if (!options_.seeds.empty()) {
    words.insert(words.end(), {options_.recipes.front(), "--seeds", list_of(seeds, ","), "--out",
                               folder_holding(jobs_[first].folder.path()).string()});
  } else if (!options_.out.empty()) {
    for (size_t job = first; job < jobs_.size(); ++job) {
      words.insert(words.end(), {"--out", options_.out.at(job)});
    }
  }
  const auto add = [&](const char* option, const auto& value) {
    if (value) words.insert(words.end(), {option, fmt::to_string(*value)});
  };
  add("--epochs", options_.epochs);
  add("--minutes", options_.minutes);
  add("--batch", options_.batch);
  for (const std::string& change : options_.set) words.insert(words.end(), {"--set", change});
  if (!options_.tune.empty()) words.insert(words.end(), {"--tune", options_.tune});
  if (options_.together > 0) {
    words.insert(words.end(), {"--together", fmt::to_string(options_.together)});
  }
  return words;
}

/// After an interruption of several runs; a single one says so itself.
void TrainRuns::tell_how_to_resume(size_t begun) const {
  if (jobs_.size() == 1 || (stopped_.empty() && begun == jobs_.size())) return;
  nlohmann::json event{{"event", "interrupted"}};
  std::string text = "interrupted";
  if (!stopped_.empty()) {
    std::vector<std::string> words{"train", "--resume"};
    for (size_t job : stopped_) words.push_back(jobs_[job].folder.path().string());
    event["go_on"] = session_.command(words, options_.data);
    text += "; resume with: " + event["go_on"].get<std::string>();
  }
  std::vector<std::string> left;
  for (size_t job = begun; job < jobs_.size(); ++job) {
    left.push_back(jobs_[job].folder.path().string());
  }
  if (!left.empty()) {
    event["begin"] = session_.command(words_to_begin(begun), options_.data);
    text += fmt::format("\nnot begun: {}; begin with: {}", list_of(left, ", "),
                        event["begin"].get<std::string>());
  }
  event["not_begun"] = left;
  session_.print(text, event);
}

}  // namespace pumice::commands
