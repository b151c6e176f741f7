#include "native/report/run_facts.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>
#include <span>

#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "engine/io/checkpoint_header.h"
#include "native/formats/metrics_csv.h"
#include "native/formats/metrics_lines.h"
#include "native/recipes/recipe.h"
#include "native/training/checkpoint_files.h"
#include "native/training/model_recipe.h"
#include "native/training/steps_csv.h"
#include "native/views/latest_metrics.h"
#include "native/views/network_table.h"

namespace pumice::report {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// A damaged file loses its own content, not the report; one of a newer version would be misread.
void attempt(std::vector<std::string>& notes, const std::function<void()>& action) {
  try {
    action();
  } catch (const io::NewerVersion&) {
    throw;
  } catch (const std::exception& error) {
    notes.emplace_back(error.what());
  }
}

void add_cell(RunFacts& facts, const std::string& column, double value) {
  io::EpochMetrics& metrics = facts.metrics.back();
  if (column == "seconds") return facts.seconds.push_back(value);
  if (column == "images_per_second") return facts.images_per_second.push_back(value);
  if (!std::isfinite(value)) return;
  for (const auto& [prefix, list] :
       {std::pair("train_", &metrics.train), std::pair("test_", &metrics.test)}) {
    if (column.starts_with(prefix)) {
      list->push_back({column.substr(std::string_view(prefix).size()), value});
    }
  }
}

void read_epoch_metrics(const RunFolder& folder, RunFacts& facts) {
  const formats::MetricsTable table = formats::read_metrics(folder.metrics());
  for (const std::vector<double>& row : table.rows) {
    if (row.empty()) continue;
    facts.metrics.push_back(
        {.epoch = formats::whole_number(row[0], folder.metrics()), .train = {}, .test = {}});
    for (size_t i = 1; i < row.size(); ++i) add_cell(facts, table.columns[i], row[i]);
  }
}

// A run may be resumed on another device.
void add_new(std::vector<std::string>& texts, const std::string& text) {
  if (!text.empty() && (texts.empty() || texts.back() != text)) texts.push_back(text);
}

void read_lines(const RunFolder& folder, RunFacts& facts) {
  for (const json& line : formats::read_metrics_lines(folder.metrics_lines())) {
    add_new(facts.devices, line.value("device", ""));
    add_new(facts.programs, line.value("program", ""));
    add_new(facts.commands, line.value("started_by", ""));
    facts.last_time = line.value("time", facts.last_time);
    if (facts.first_time.empty()) facts.first_time = facts.last_time;
    add_new(facts.evaluations, line.value("evaluation", ""));
  }
}

void read_checkpoint(const RunFolder& folder, RunFacts& facts) {
  const io::Checkpoint checkpoint = pumice::read_checkpoint(folder.path());
  facts.network = checkpoint.network();
  const io::TrainingRecord record = checkpoint.training();
  facts.step = record.step;
  if (facts.recipe.empty()) facts.recipe = record.recipe;
  if (facts.metrics.empty()) facts.metrics = record.metrics;
}

double mean(const std::vector<double>& values) {
  return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / values.size();
}

// As the speeds of the epochs tell; a resumed epoch's speed is only of its last steps.
uint32_t steps_per_epoch(const RunFacts& facts, uint32_t batch) {
  double most = 0;
  for (size_t i = 0; i < std::min(facts.seconds.size(), facts.images_per_second.size()); ++i) {
    most = std::max(most, facts.seconds[i] * facts.images_per_second[i] / batch);
  }
  constexpr double kMost = 1e9;  // of a damaged file
  return static_cast<uint32_t>(std::lround(std::clamp(most, 0.0, kMost)));
}

json recipe_to_json(const Recipe& recipe) {
  return {{"recipe_name", recipe.name},  {"model", recipe.spec.family().name},
          {"data", recipe.data.name},    {"seed", recipe.seed},
          {"batch", recipe.train.batch}, {"planned_epochs", recipe.train.epochs}};
}

json length_to_json(const RunLength& length) {
  return {{"epochs", epochs_text(length.epochs())},
          {"minutes", length.minutes},
          {"end", name_of(length.end)}};
}

json networks_of(const models::Description& description) {
  const std::unique_ptr<models::Model> model = description.build();
  return {{"parameters", model->parameter_count()},
          {"latent_size", description.latent_size()},
          {"networks", views::networks_to_json(*model)}};
}

json metrics_to_json(std::span<const io::EpochMetrics> metrics) {
  json all = json::array();
  for (const views::LatestMetric& metric : views::latest_metrics(metrics)) {
    all.push_back({{"split", metric.split},
                   {"name", metric.name},
                   {"value", metric.value},
                   {"epoch", metric.epoch}});
  }
  return all;
}

}  // namespace

RunFacts read_facts(const RunFolder& folder, std::vector<std::string>& notes) {
  RunFacts facts;
  std::error_code ignored;
  if (fs::exists(folder.recipe(), ignored)) facts.recipe = read_text(folder.recipe());
  if (fs::exists(folder.metrics(), ignored))
    attempt(notes, [&] { read_epoch_metrics(folder, facts); });
  if (fs::exists(folder.steps(), ignored)) {
    attempt(notes, [&] { facts.steps = read_steps(folder.steps()); });
  }
  attempt(notes, [&] { facts.length = read_run_length(folder.length()); });
  if (fs::exists(folder.metrics_lines(), ignored)) {
    attempt(notes, [&] { read_lines(folder, facts); });
  }
  if (folder.holds_run()) {
    attempt(notes, [&] { read_checkpoint(folder, facts); });
  } else {
    notes.push_back(fmt::format("{}: missing", folder.checkpoint().string()));
  }
  if (fs::exists(folder.evaluation(), ignored)) {
    attempt(notes, [&] { facts.evaluation = read_text(folder.evaluation()); });
  }
  return facts;
}

json facts_to_json(const RunFacts& facts, std::vector<std::string>& notes) {
  json object = {{"recipe", facts.recipe},
                 {"devices", facts.devices},
                 {"evaluations", facts.evaluations},
                 {"programs", facts.programs},
                 {"commands", facts.commands},
                 {"times", {facts.first_time, facts.last_time}},
                 {"epochs", facts.metrics.empty() ? 0 : facts.metrics.back().epoch},
                 {"steps", facts.step},
                 {"epoch_seconds", facts.seconds},
                 {"seconds_per_epoch", mean(facts.seconds)},
                 {"images_per_second", mean(facts.images_per_second)},
                 {"seconds", mean(facts.seconds) * double(facts.seconds.size())},
                 {"figures", metrics_to_json(facts.metrics)}};
  if (facts.length) object["length"] = length_to_json(*facts.length);
  std::optional<models::Description> network = facts.network;
  attempt(notes, [&] {
    if (facts.recipe.empty()) return;
    const Recipe recipe = parse_recipe(facts.recipe, "recipe.toml");
    object.update(recipe_to_json(recipe));
    const uint32_t steps = steps_per_epoch(facts, recipe.train.batch);
    if (steps > 0) object["steps_per_epoch"] = steps;
    if (!network) network = describe_model(recipe, image_kind(recipe.data));
  });
  attempt(notes, [&] {
    if (network) object.update(networks_of(*network));
  });
  attempt(notes, [&] {
    if (!facts.evaluation) return;
    json evaluation = json::parse(*facts.evaluation, nullptr, false);
    require(evaluation.is_object(),
            "evaluation.json: expected JSON as `pumice evaluate` writes it");
    object["evaluation"] = std::move(evaluation);
  });
  return object;
}

}  // namespace pumice::report
