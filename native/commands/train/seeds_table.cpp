#include "native/commands/train/seeds_table.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "engine/base/atomic_file.h"
#include "engine/io/checkpoint.h"
#include "engine/metrics/estimate.h"
#include "native/commands/train/seed_runs.h"
#include "native/formats/origin.h"
#include "native/training/checkpoint_files.h"
#include "native/training/run_folder.h"
#include "native/training/run_length.h"

namespace pumice::commands {
namespace {

constexpr std::string_view kTitles = "seed,run,epochs";

using Row = Table::Row;

// A metric that is not measured in every epoch may be missing in the last.
std::optional<double> value_of_seed(const SeedResult& result, const std::string& name) {
  for (const Metric& metric : result.test) {
    if (metric.name == name && !std::isnan(metric.value)) return metric.value;
  }
  return {};
}

std::vector<std::string> metric_names(const std::vector<SeedResult>& results) {
  std::vector<std::string> names;
  if (results.empty()) return names;
  for (const Metric& metric : results.front().test) names.push_back(metric.name);
  return names;
}

Row titles(const std::vector<SeedResult>& results) {
  Row row{"seed", "run", "epochs"};
  for (const std::string& name : metric_names(results)) row.push_back("test " + name);
  return row;
}

void add_runs(Table& table, const std::vector<SeedResult>& results, const char* number_format) {
  for (const SeedResult& result : results) {
    Row row{fmt::to_string(result.seed), result.folder, epochs_text(result.epochs)};
    for (const std::string& name : metric_names(results)) {
      const std::optional<double> value = value_of_seed(result, name);
      row.push_back(value ? fmt::format(fmt::runtime(number_format), *value) : "");
    }
    table.add(row);
  }
}

/// A row that sums up each metric.
void add_summary(Table& table, const std::vector<SeedResult>& results, const std::string& title,
                 const std::function<std::string(const metrics::Estimate&)>& text) {
  Row row{title, "", ""};
  for (const std::string& name : metric_names(results)) {
    std::vector<double> values;
    for (const SeedResult& result : results) {
      if (const auto value = value_of_seed(result, name)) values.push_back(*value);
    }
    row.push_back(values.size() < 2 ? "" : text(metrics::estimate_of(values)));
  }
  table.add(row);
}

/// Whether the run is one of the table's.
bool fits(const std::string& toml, RunEnd end, const Recipe& recipe) {
  if (toml.empty()) return true;
  Recipe other = parse_recipe(toml, "recipe");
  if (end == RunEnd::kSchedule) other.train.minutes = recipe.train.minutes;
  return is_same_but_for_seed(other, recipe);
}

// Nothing for a run that can be resumed, or one of another recipe.
std::optional<SeedResult> read_seed(const RunFolder& folder, const Recipe& recipe,
                                    std::vector<std::string>& others) {
  if (!folder.holds_run()) return {};
  const auto length = read_run_length(folder.length());
  if (!length || length->end == RunEnd::kStopped) return {};
  const io::TrainingRecord record = read_checkpoint(folder.path()).training();
  const bool is_ours = fits(record.recipe, length->end, recipe);
  if (!is_ours) others.push_back(folder.path().filename().string());
  if (!is_ours || record.metrics.empty()) return {};
  return SeedResult{.seed = record.seed,
                    .folder = folder.path().string(),
                    .epochs = length->epochs(),
                    .test = record.metrics.back().test};
}

}  // namespace

std::filesystem::path seeds_file(const std::filesystem::path& parent) {
  return parent / "seeds.csv";
}

std::vector<SeedResult> read_seeds(const std::filesystem::path& parent, const Recipe& recipe,
                                   std::vector<std::string>& others) {
  std::vector<SeedResult> results;
  for (const auto& entry : std::filesystem::directory_iterator(parent)) {
    if (!entry.path().filename().string().starts_with("seed-")) continue;
    if (auto result = read_seed(RunFolder(entry.path()), recipe, others))
      results.push_back(*result);
  }
  std::ranges::sort(results, {}, &SeedResult::seed);
  std::ranges::sort(others);
  return results;
}

Table seeds_table(const std::vector<SeedResult>& results) {
  Table table(titles(results));
  add_runs(table, results, "{:.5g}");
  if (results.size() < 2) return table;
  add_summary(table, results, "mean ± sd", [](const metrics::Estimate& estimate) {
    return fmt::format("{:.5g} ± {:.2g}", estimate.mean, estimate.deviation);
  });
  return table;
}

bool may_write_seeds(const std::filesystem::path& file) {
  std::error_code ignored;
  return !std::filesystem::exists(file, ignored) ||
         formats::beginning_of(file).starts_with(kTitles);
}

void write_seeds(const std::filesystem::path& file, const std::vector<SeedResult>& results) {
  Table table(titles(results));
  add_runs(table, results, "{:.9g}");
  if (results.size() > 1) {
    add_summary(table, results, "mean", [](const metrics::Estimate& estimate) {
      return fmt::format("{:.9g}", estimate.mean);
    });
    add_summary(table, results, "deviation", [](const metrics::Estimate& estimate) {
      return fmt::format("{:.9g}", estimate.deviation);
    });
  }
  write_file_atomically(file, table.csv());
}

}  // namespace pumice::commands
