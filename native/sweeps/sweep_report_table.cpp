#include <algorithm>

#include "engine/metrics/estimate.h"
#include "native/sweeps/sweep_report.h"
#include "native/training/run_length.h"

namespace pumice {
namespace {

const EvaluatedMetric* evaluated(const RunResult& result, const std::string& name) {
  if (!result.evaluation) return nullptr;
  for (const EvaluatedMetric& metric : result.evaluation->metrics) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

// Runs may have different metrics: a sweep may vary the loss.
std::vector<std::string> metric_names(const std::vector<RunResult>& results) {
  std::vector<std::string> names;
  for (const RunResult& result : results) {
    for (const Metric& metric : result.last) {
      const bool known = std::find(names.begin(), names.end(), metric.name) != names.end();
      if (!known) names.push_back(metric.name);
    }
  }
  return names;
}

/// Of `pumice evaluate`: those that compare models; the runs' pages have all.
std::vector<std::string> evaluated_names(const std::vector<RunResult>& results) {
  std::vector<std::string> names;
  for (const char* name : {"fid", "inception_score", "log_likelihood"}) {
    const bool is_measured =
        std::any_of(results.begin(), results.end(),
                    [&](const RunResult& result) { return evaluated(result, name) != nullptr; });
    if (is_measured) names.emplace_back(name);
  }
  return names;
}

std::string number_text(double value) { return fmt::format("{:.5g}", value); }

const Metric* find(const Metrics& metrics, const std::string& name) {
  auto found = std::find_if(metrics.begin(), metrics.end(),
                            [&](const Metric& metric) { return metric.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

std::optional<double> value_of_run(const RunResult& result, const std::string& name) {
  if (const Metric* metric = find(result.last, name)) return metric->value;
  if (const EvaluatedMetric* metric = evaluated(result, name)) return metric->mean;
  return {};
}

bool any_run(const Sweep& sweep, std::string SweepRun::*text) {
  return std::any_of(sweep.runs.begin(), sweep.runs.end(),
                     [&](const SweepRun& run) { return !(run.*text).empty(); });
}

std::string status_text(const RunResult& result) {
  const std::string status(name_of(result.state));
  return result.failure.empty() ? status : status + ": " + result.failure;
}

std::string label_without_seed(const SweepRun& run) {
  SweepRun copy = run;
  std::erase_if(copy.values, [](const SweepValue& value) { return value.key == "seed"; });
  return copy.label();
}

std::string mean_text(const std::vector<double>& values) {
  const metrics::Estimate estimate = metrics::estimate_of(values);
  if (values.size() < 2) return number_text(estimate.mean);
  return fmt::format("{:.5g} ± {:.2g}", estimate.mean, estimate.deviation);
}

using Group = std::vector<const RunResult*>;

/// In the order of the runs.
std::vector<std::pair<std::string, Group>> seed_groups(const Sweep& sweep,
                                                       const std::vector<RunResult>& results) {
  std::vector<std::pair<std::string, Group>> groups;
  for (size_t i = 0; i < sweep.runs.size(); ++i) {
    const std::string label = label_without_seed(sweep.runs[i]);
    auto found = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& group) { return group.first == label; });
    if (found == groups.end()) found = groups.insert(groups.end(), {label, {}});
    if (is_finished(results[i].state)) found->second.push_back(&results[i]);
  }
  return groups;
}

void add_length(Table::Row& row, const SweepRun& run, const RunResult& result) {
  row.push_back(status_text(result));
  row.push_back(result.parameters == 0 ? "" : fmt::to_string(result.parameters));
  row.push_back(epochs_text(result.epochs));
  row.push_back(fmt::to_string(run.recipe.train.epochs));
  row.push_back(fmt::format("{:.1f}", result.seconds));
}

}  // namespace

Table sweep_table(const Sweep& sweep, const std::vector<RunResult>& results) {
  const std::vector<std::string> names = metric_names(results);
  const std::vector<std::string> evaluations = evaluated_names(results);
  const bool has_names = any_run(sweep, &SweepRun::name);
  const bool has_given = any_run(sweep, &SweepRun::given);
  Table::Row titles{"run"};
  if (has_names) titles.emplace_back("name");
  for (const SweepValue& value : sweep.runs.front().values) titles.push_back(value.key);
  titles.insert(titles.end(), {"status", "parameters", "epochs", "planned", "seconds"});
  titles.insert(titles.end(), evaluations.begin(), evaluations.end());
  if (!evaluations.empty()) titles.emplace_back("extractor");
  if (has_given) titles.emplace_back("source");
  titles.insert(titles.end(), names.begin(), names.end());
  Table table(titles);
  for (size_t i = 0; i < sweep.runs.size(); ++i) {
    const SweepRun& run = sweep.runs[i];
    const RunResult& result = results[i];
    Table::Row row{fmt::to_string(i + 1)};
    if (has_names) row.push_back(run.name);
    for (const SweepValue& value : run.values) row.push_back(value.shown);
    add_length(row, run, result);
    for (const std::string& name : evaluations) {
      const EvaluatedMetric* metric = evaluated(result, name);
      row.push_back(metric == nullptr ? "" : metric_text(*metric));
    }
    if (!evaluations.empty()) {
      row.push_back(result.evaluation ? result.evaluation->extractor_hash : "");
    }
    if (has_given) row.push_back(run.given);
    for (const std::string& name : names) {
      const Metric* metric = find(result.last, name);
      row.push_back(metric == nullptr ? "" : number_text(metric->value));
    }
    table.add(row);
  }
  return table;
}

Table seeds_table(const Sweep& sweep, const std::vector<RunResult>& results) {
  std::vector<std::string> names = evaluated_names(results);
  for (const std::string& name : metric_names(results)) names.push_back(name);
  Table::Row titles{"configuration", "seeds"};
  titles.insert(titles.end(), names.begin(), names.end());
  Table table(titles);
  for (const auto& [label, group] : seed_groups(sweep, results)) {
    if (group.size() < 2) continue;
    Table::Row row{label, fmt::to_string(group.size())};
    for (const std::string& name : names) {
      std::vector<double> values;
      for (const RunResult* result : group) {
        if (const auto value = value_of_run(*result, name)) values.push_back(*value);
      }
      row.push_back(values.empty() ? "" : mean_text(values));
    }
    table.add(row);
  }
  return table;
}

}  // namespace pumice
