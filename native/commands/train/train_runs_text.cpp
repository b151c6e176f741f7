#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "native/commands/train/seeds_table.h"
#include "native/commands/train/train_runs.h"
#include "native/formats/mebibytes.h"

// What TrainRuns tells the user.
namespace pumice::commands {
namespace {

using formats::mebibytes;

/// "1, 2, 3".
std::string list_of(const std::vector<std::string>& words, std::string_view separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

}  // namespace

void TrainRuns::tell_plan(const std::vector<uint64_t>& runs) const {
  const size_t first = runs_that_fit(device_.limits(), runs, memory_.front().data, most_);
  std::string order = first == 1 ? ", one after another" : fmt::format(", {} at a time", first);
  if (first == runs.size()) order = " together";
  session_.note(fmt::format(
      "{}{} ({:.1f} MiB each, {:.1f} MiB of images{})", count_of(jobs_.size(), "run"), order,
      mebibytes(*std::ranges::max_element(runs)), mebibytes(memory_.front().data),
      device_.limits().memory_bytes == 0
          ? ""
          : fmt::format("; {} has {:.0f} MiB", device_.limits().device_name,
                        mebibytes(device_.limits().memory_bytes))));
}

/// What to do if a run does not fit into the device's memory even alone.
std::string TrainRuns::advice_on_memory(const TrainJob& job) const {
  const std::optional<uint32_t> batch = batch_that_fits(device_.limits(), job.recipe, data_);
  const std::optional<uint32_t> shards = shards_that_fit(device_.limits(), job.recipe, data_);
  std::string advice;
  if (batch) {
    advice += fmt::format("; a batch of {} instead of {} images fits: --batch {}", *batch,
                          job.recipe.train.batch, *batch);
  }
  if (shards) {
    advice +=
        fmt::format("; the whole batch fits in {} parts: --set train.shards={}", *shards, *shards);
  }
  return advice;
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

void show_seeds(const std::filesystem::path& folder, const Recipe& recipe, const Session& session) {
  std::error_code ignored;
  const std::filesystem::path file = seeds_file(folder);
  const bool exists = std::filesystem::exists(file, ignored) || holds_seed_runs(folder);
  if (!exists || !may_write_seeds(file)) return;
  std::vector<std::string> others;
  const std::vector<SeedResult> results = read_seeds(folder, recipe, others);
  if (!others.empty()) {
    session.note(fmt::format("{} leaves out {}, of another recipe or number of epochs",
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
  session.print(fmt::format("\n{}\n\ntable: {}", seeds_table(results).text(), file.string()),
                {{"event", "seeds"}, {"runs", rows}, {"table", file.string()}});
}

/// The command line for the jobs that have not begun, of several recipes.
std::vector<std::string> TrainRuns::words_to_begin() const {
  std::vector<std::string> words{"train"};
  const auto add_each = [&](const char* option, const std::vector<std::string>& values) {
    for (size_t job = begun_; job < values.size(); ++job) {
      if (option != nullptr) words.emplace_back(option);
      words.push_back(values[job]);
    }
  };
  add_each(nullptr, options_.recipes);
  add_each("--out", options_.out);
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

std::string TrainRuns::resume_command() const {
  std::vector<std::string> words{"train", "--resume"};
  if (seeds_) {
    words.push_back(seeds_->folder.string());
  } else {
    for (size_t job : stopped_) words.push_back(jobs_[job].folder.path().string());
    for (size_t job = begun_; job < jobs_.size() && !options_.resume.empty(); ++job) {
      words.push_back(jobs_[job].folder.path().string());
    }
  }
  return session_.command(words, options_.data);
}

/// After an interruption of several runs; a single one says so itself.
void TrainRuns::tell_how_to_resume() const {
  const bool was_interrupted = !stopped_.empty() || begun_ < jobs_.size();
  if (!was_interrupted || (jobs_.size() == 1 && !seeds_)) return;
  nlohmann::json event{{"event", "interrupted"}};
  std::string text = "interrupted";
  const bool begins_anew = begun_ < jobs_.size() && !seeds_ && options_.resume.empty();
  if (!begins_anew || !stopped_.empty()) {
    event["resume"] = resume_command();
    text += "; resume with: " + event["resume"].get<std::string>();
  }
  std::vector<std::string> left;
  for (size_t job = begun_; job < jobs_.size(); ++job) {
    left.push_back(jobs_[job].folder.path().string());
  }
  if (!left.empty()) text += "\nnot begun: " + list_of(left, ", ");
  if (begins_anew) {
    event["begin"] = session_.command(words_to_begin(), options_.data);
    text += "; begin with: " + event["begin"].get<std::string>();
  }
  event["not_begun"] = left;
  session_.print(text, event);
}

}  // namespace pumice::commands
