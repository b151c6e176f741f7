#include "native/training/run_length.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "engine/io/json_text.h"
#include "engine/io/json_whole.h"
#include "native/formats/file_version.h"
#include "native/formats/metrics_csv.h"
#include "native/formats/origin.h"
#include "native/training/run_folder.h"

namespace pumice {
namespace {

using nlohmann::ordered_json;

constexpr uint32_t kVersion = 2;  // of length.json; files of version 1 do not name it

RunEnd end_of(const std::string& name) {
  for (RunEnd end : {RunEnd::kBudget, RunEnd::kSchedule}) {
    if (name == name_of(end)) return end;
  }
  return RunEnd::kStopped;
}

RunLength length_from(const ordered_json& object) {
  return {.step = io::whole_at(object, "step"),
          .steps_per_epoch = std::max(1u, io::whole_at(object, "steps_per_epoch")),
          .planned_epochs = io::whole_at(object, "planned_epochs"),
          .minutes = object.at("minutes"),
          .seconds = object.at("seconds"),
          .end = end_of(object.at("end"))};
}

}  // namespace

std::string_view name_of(RunEnd end) {
  switch (end) {
    case RunEnd::kStopped:
      return "stopped";
    case RunEnd::kBudget:
      return "budget";
    case RunEnd::kSchedule:
      return "schedule";
  }
  return "";
}

bool is_budget_used(const RunLength& length, double minutes) {
  const bool ended_by_it = length.end == RunEnd::kBudget && length.minutes >= minutes;
  return minutes > 0 && (ended_by_it || length.seconds >= kSecondsPerMinute * minutes);
}

std::string epochs_text(double epochs) {
  return epochs == std::floor(epochs) ? fmt::format("{:.0f}", epochs)
                                      : fmt::format("{:.2f}", epochs);
}

void write_run_length(const std::filesystem::path& path, const RunLength& length) {
  const ordered_json object{
      {"generator", kGenerator},   {"version", kVersion},
      {"step", length.step},       {"steps_per_epoch", length.steps_per_epoch},
      {"epochs", length.epochs()}, {"planned_epochs", length.planned_epochs},
      {"minutes", length.minutes}, {"seconds", length.seconds},
      {"end", name_of(length.end)}};
  write_file_atomically(path, io::json_text(object, 2) + "\n");
}

std::optional<RunLength> read_run_length(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  try {
    const ordered_json object = ordered_json::parse(read_text(path));
    formats::refuse_newer(object.contains("version") ? io::whole_at(object, "version") : 1,
                          kVersion, path);
    return length_from(object);
  } catch (const nlohmann::json::exception&) {
    throw DamagedLength(
        fmt::format("{}: expected the length of a run as training writes it, found a damaged file",
                    path.string()));
  }
}

double seconds_in_metrics(const std::filesystem::path& metrics) {
  std::error_code error;
  if (!std::filesystem::exists(metrics, error)) return 0;
  std::string ignored;
  const formats::MetricsTable table = formats::read_intact_metrics(metrics, ignored);
  const auto column = std::ranges::find(table.columns, "seconds") - table.columns.begin();
  double seconds = 0;
  for (const std::vector<double>& row : table.rows) {
    if (column < std::ssize(row) && std::isfinite(row[column])) seconds += row[column];
  }
  return seconds;
}

double seconds_trained(const RunFolder& folder, std::string& note) {
  try {
    const std::optional<RunLength> length = read_run_length(folder.length());
    return length ? length->seconds : 0;
  } catch (const DamagedLength& error) {
    const double seconds = seconds_in_metrics(folder.metrics());
    note = fmt::format("{}; taking the run's time from {}: {:.0f} s", error.what(),
                       folder.metrics().filename().string(), seconds);
    return seconds;
  }
}

bool is_budget_used(const RunFolder& folder, double minutes, std::string& note) {
  const double seconds = seconds_trained(folder, note);
  if (!note.empty()) return minutes > 0 && seconds >= kSecondsPerMinute * minutes;
  const std::optional<RunLength> length = read_run_length(folder.length());
  return length && is_budget_used(*length, minutes);
}

}  // namespace pumice
