#include "native/sweeps/compared_model.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/models/model.h"
#include "native/training/model_recipe.h"
#include "native/training/run_length.h"
#include "native/views/curves.h"
#include "native/views/latest_metrics.h"

namespace pumice {
namespace {

using nlohmann::json;

std::string grouped(uint64_t count) {
  std::string text = fmt::to_string(count);
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

// "conv2d k3, relu" → "conv2d"
std::string kind_of(const nn::Network::Row& row) {
  const std::string summary = row.layer.summary();
  return summary.substr(0, summary.find_first_of(", "));
}

/// "2 conv2d, linear": consecutive layers of a kind together, without those that only rearrange.
std::string layers_text(const nn::Network& network) {
  std::vector<std::pair<std::string, uint32_t>> kinds;
  for (const nn::Network::Row& row : network.rows()) {
    if (row.parameters == 0) continue;
    const std::string kind = kind_of(row);
    if (kinds.empty() || kinds.back().first != kind) kinds.push_back({kind, 0});
    ++kinds.back().second;
  }
  std::vector<std::string> texts;
  for (const auto& [kind, count] : kinds) {
    texts.push_back(count == 1 ? kind : fmt::format("{} {}", count, kind));
  }
  return fmt::format("{}: {}", network.name(), fmt::join(texts, ", "));
}

void describe_networks(const Recipe& recipe, ComparedModel& row) {
  const models::Description description = describe_model(recipe, image_kind(recipe.data));
  const std::unique_ptr<models::Model> model = description.build();
  std::vector<std::string> networks;
  std::vector<std::string> parameters;
  for (const nn::Network* network : model->networks()) {
    networks.push_back(layers_text(*network));
    parameters.push_back(grouped(network->parameter_count()));
  }
  row.network = fmt::format("{}", fmt::join(networks, "; "));
  row.parameters = fmt::format("{}", fmt::join(parameters, " + "));
  if (parameters.size() > 1) row.parameters += " = " + grouped(model->parameter_count());
  if (description.latent_size() > 0) row.latent = fmt::to_string(description.latent_size());
}

void describe_training(const Recipe& recipe, ComparedModel& row) {
  const json keys = to_json(recipe);
  row.loss = recipe.spec.loss_text();
  if (!keys.contains("optimizer")) return;
  const json& optimizer = keys["optimizer"];
  row.optimizer =
      fmt::format("{} {:.4g}", optimizer.value("name", ""), optimizer.value("learning_rate", 0.0));
}

std::string epochs_of(const SweepRun& run, const RunResult& result) {
  const uint32_t planned = run.recipe.train.epochs;
  std::string text = epochs_text(result.epochs);
  if (result.epochs < planned) text += fmt::format(" of {}", planned);
  if (result.state != RunState::kDone) text += fmt::format(", {}", name_of(result.state));
  return result.failure.empty() ? text : text + ": " + result.failure;
}

std::string losses_of(const RunResult& result) {
  const std::vector<views::LatestMetric> latest = views::latest_metrics(result.metrics);
  const bool tests = !latest.empty() && latest.back().split == "test";
  std::vector<std::string> texts;
  for (const views::LatestMetric& metric : latest) {
    if (!views::measures_progress(metric.name) || tests != (metric.split == "test")) continue;
    std::string name = metric.name;
    std::replace(name.begin(), name.end(), '_', ' ');
    texts.push_back(fmt::format("{} {:.4g}", name, metric.value));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string evaluated_text(const RunResult& result, std::string_view name) {
  if (!result.evaluation) return "";
  for (const EvaluatedMetric& metric : result.evaluation->metrics) {
    if (metric.name == name) return metric_text(metric);
  }
  return "";
}

}  // namespace

bool is_study(const Sweep& sweep) {
  return std::any_of(sweep.runs.begin(), sweep.runs.end(),
                     [](const SweepRun& run) { return !run.name.empty(); });
}

std::vector<ComparedModel> compared_models(const SweepFolder& folder, const Sweep& sweep,
                                           const std::vector<RunResult>& results) {
  std::vector<ComparedModel> models;
  for (size_t i = 0; i < sweep.runs.size(); ++i) {
    const SweepRun& run = sweep.runs[i];
    ComparedModel& row = models.emplace_back();
    row.name = run.label();
    row.source = run.given;
    describe_networks(run.recipe, row);
    describe_training(run.recipe, row);
    row.epochs = epochs_of(run, results[i]);
    row.losses = losses_of(results[i]);
    row.fid = evaluated_text(results[i], "fid");
    row.inception_score = evaluated_text(results[i], "inception_score");
    row.log_likelihood = evaluated_text(results[i], "log_likelihood");
    row.images = images_of(folder, sweep, i, results[i]);
  }
  return models;
}

}  // namespace pumice
