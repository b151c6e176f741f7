#include "native/training/steps_csv.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace pumice {
namespace {

constexpr std::string_view kPrefix = "train_";
constexpr uint32_t kFewestRows = 20;

std::vector<std::string> columns_of(const std::vector<std::string>& metrics) {
  std::vector<std::string> columns{"step"};
  for (const std::string& metric : metrics) columns.push_back(std::string(kPrefix) + metric);
  return columns;
}

// The last complete row up to and including `step`.
uint32_t last_end_of_row(uint32_t step, uint32_t steps_per_epoch) {
  return step - step % steps_per_epoch % steps_per_row(steps_per_epoch);
}

/// nan for each row of the epochs that are complete at `step`.
formats::MetricsTable unknown_rows(const std::vector<std::string>& metrics,
                                   uint32_t steps_per_epoch, uint32_t step) {
  formats::MetricsTable table{.columns = columns_of(metrics), .rows = {}};
  const uint32_t interval = steps_per_row(steps_per_epoch);
  const uint32_t end = step - step % steps_per_epoch;
  for (uint32_t epoch = 0; epoch < end; epoch += steps_per_epoch) {
    for (uint32_t row = 0; row < steps_per_epoch; row += interval) {
      std::vector<double>& values = table.rows.emplace_back(table.columns.size(), NAN);
      values[0] = epoch + std::min(row + interval, steps_per_epoch);
    }
  }
  return table;
}

}  // namespace

uint32_t steps_per_row(uint32_t steps_per_epoch) {
  const uint32_t most = steps_per_epoch / kFewestRows;
  uint32_t power = 1;
  while (most / 10 >= power) power *= 10;
  for (uint32_t digit : {5, 2}) {
    if (digit * power <= most) return digit * power;
  }
  return power;
}

StepsCsv::StepsCsv(const std::filesystem::path& path, const std::vector<std::string>& metrics,
                   uint32_t steps_per_epoch, uint32_t step, const formats::Warn& warn)
    : steps_per_epoch_(steps_per_epoch),
      file_(formats::MetricsCsv::resume(path, unknown_rows(metrics, steps_per_epoch, step),
                                        "they are nan now", warn)) {}

void StepsCsv::append_whole(std::span<const train::StepMetrics> rows) {
  for (const train::StepMetrics& row : rows) {
    if (is_new(row) && row.step == last_end_of_row(row.step, steps_per_epoch_)) append(row);
  }
}

void StepsCsv::append_all(std::span<const train::StepMetrics> rows) {
  for (const train::StepMetrics& row : rows) {
    if (is_new(row)) append(row);
  }
}

bool StepsCsv::is_new(const train::StepMetrics& row) const {
  const formats::MetricsTable& table = file_.table();
  return table.rows.empty() || row.step > table.rows.back()[0];
}

void StepsCsv::append(const train::StepMetrics& row) {
  std::vector<double> values{double(row.step)};
  for (const Metric& metric : row.metrics) values.push_back(metric.value);
  file_.append(values);
}

std::vector<train::StepMetrics> read_steps(const std::filesystem::path& path) {
  const formats::MetricsTable table = formats::read_metrics(path);
  std::vector<train::StepMetrics> rows;
  for (const std::vector<double>& values : table.rows) {
    if (values.empty()) continue;
    train::StepMetrics& row = rows.emplace_back();
    row.step = formats::whole_number(values[0], path);
    for (size_t i = 1; i < values.size(); ++i) {
      const std::string& column = table.columns[i];
      if (!column.starts_with(kPrefix) || !std::isfinite(values[i])) continue;
      row.metrics.push_back({column.substr(kPrefix.size()), values[i]});
    }
  }
  return rows;
}

}  // namespace pumice
