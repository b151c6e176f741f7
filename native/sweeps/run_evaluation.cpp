#include "native/sweeps/run_evaluation.h"

#include <nlohmann/json.hpp>

#include "engine/base/read_text.h"
#include "engine/io/json_whole.h"

namespace pumice {
namespace {

using nlohmann::ordered_json;

RunEvaluation evaluation_from(const ordered_json& object) {
  RunEvaluation evaluation{.extractor = fmt::format("{} {}", std::string(object.at("extractor")),
                                                    std::string(object.at("extractor_hash"))),
                           .extractor_hash = object.at("extractor_hash"),
                           .step = io::whole_at(object, "step"),
                           .samples = io::whole_at(object, "samples"),
                           .repeats = io::whole_at(object, "repeats"),
                           .metrics = {}};
  for (const auto& [name, metric] : object.at("figures").items()) {
    EvaluatedMetric& added =
        evaluation.metrics.emplace_back(EvaluatedMetric{name, metric.at("mean")});
    if (metric.contains("deviation")) added.deviation = metric.at("deviation").get<double>();
  }
  return evaluation;
}

}  // namespace

bool is_evaluated(const Sweep& sweep, const SweepRun& run) {
  return sweep.study.evaluation.wanted && run.recipe.spec.family().draws;
}

bool fits(const RunEvaluation& evaluation, const StudyEvaluation& wanted, uint32_t step) {
  return evaluation.step == step && evaluation.samples == wanted.samples &&
         evaluation.repeats == wanted.repeats;
}

std::vector<std::string> evaluation_arguments(const StudyEvaluation& wanted) {
  std::vector<std::string> arguments;
  for (const auto& [option, value] :
       {std::pair("--samples", wanted.samples), std::pair("--repeats", wanted.repeats),
        std::pair("--neighbours", wanted.neighbours),
        std::pair("--likelihood-images", wanted.likelihood_images),
        std::pair("--likelihood-samples", wanted.likelihood_samples)}) {
    arguments.insert(arguments.end(), {option, fmt::to_string(value)});
  }
  if (!wanted.extractor.empty()) {
    arguments.insert(arguments.end(), {"--extractor", wanted.extractor});
  }
  return arguments;
}

std::optional<RunEvaluation> read_run_evaluation(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  try {
    return evaluation_from(ordered_json::parse(read_text(file)));
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

std::string metric_text(const EvaluatedMetric& metric) {
  if (!metric.deviation) return fmt::format("{:.4g}", metric.mean);
  return fmt::format("{:.4g} ± {:.2g}", metric.mean, *metric.deviation);
}

}  // namespace pumice
