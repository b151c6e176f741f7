#include "native/training/steps_csv.h"

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
                   uint32_t steps_per_epoch, uint32_t step)
    : steps_per_epoch_(steps_per_epoch),
      file_(formats::MetricsCsv::go_on(path, columns_of(metrics),
                                       last_end_of_row(step, steps_per_epoch))) {}

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
    row.step = static_cast<uint32_t>(values[0]);
    for (size_t i = 1; i < values.size(); ++i) {
      const std::string& column = table.columns[i];
      if (!column.starts_with(kPrefix) || !std::isfinite(values[i])) continue;
      row.metrics.push_back({column.substr(kPrefix.size()), values[i]});
    }
  }
  return rows;
}

}  // namespace pumice
