#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "native/commands/seeds_table.h"
#include "native/commands/train_runs.h"

// What TrainRuns tells the user.
namespace pumice::commands {
namespace {

constexpr double kMiB = 1 << 20;

/// "1, 2, 3".
std::string list_of(const std::vector<std::string>& words, std::string_view separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

}  // namespace

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
