#include "engine/benchmark/result_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/generator.h"
#include "engine/base/read_text.h"
#include "engine/base/require.h"

namespace pumice::benchmark {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const Measurement& measurement) {
  const Summary summary = measurement.summary();
  ordered_json json{{"name", measurement.name},
                    {"unit", measurement.unit},
                    {"median", summary.median},
                    {"first_quartile", summary.first_quartile},
                    {"third_quartile", summary.third_quartile}};
  if (measurement.fraction_of_ceiling) {
    json["fraction_of_ceiling"] = *measurement.fraction_of_ceiling;
  }
  json["samples"] = measurement.samples;
  return json;
}

ordered_json to_json(const Verdict& verdict) {
  ordered_json losses = ordered_json::object();
  for (const LossCurve& curve : verdict.curves) losses[curve.metric] = curve.means;
  return {{"verdict", name(verdict.validity)},
          {"steps", verdict.steps},
          {"deviation", verdict.largest_deviation},
          {"text", verdict.text},
          {"losses", losses}};
}

ordered_json to_json(const TrainingResult& training) {
  ordered_json json = to_json(training.speed);
  json.update({{"batch", training.batch},
               {"frozen_batch", training.frozen_batch},
               {"steps", training.steps},
               {"first_step_seconds", training.first_step_seconds},
               {"flops_per_image", training.flops_per_image},
               {"gate", to_json(training.verdict)}});
  return json;
}

ordered_json to_json(const DispatchTime& own) {
  return {{"program", own.program},     {"kernel", own.kernel},
          {"label", own.label},         {"grid", own.grid},
          {"barrier", own.has_barrier}, {"microseconds", own.microseconds}};
}

template <typename T>
ordered_json array_of(const std::vector<T>& items) {
  ordered_json array = ordered_json::array();
  for (const T& item : items) array.push_back(to_json(item));
  return array;
}

/// A step and, if there are any, its time on the device and a decode.
void append(ordered_json& array, const RecipeResult& recipe) {
  if (!recipe.problem.empty()) {
    array.push_back({{"name", recipe.step.name}, {"problem", recipe.problem}});
    return;
  }
  ordered_json step = to_json(recipe.step);
  step.update({{"batch", recipe.batch},
               {"precision", recipe.precision},
               {"dispatches", recipe.dispatches},
               {"barriers", recipe.barriers},
               {"bytes", recipe.bytes}});
  if (!recipe.dispatch_times.empty()) step["dispatch_times"] = array_of(recipe.dispatch_times);
  array.push_back(step);
  if (recipe.device) array.push_back(to_json(*recipe.device));
  if (!recipe.decode) return;
  array.push_back(to_json(*recipe.decode));
  array.back()["dispatches"] = recipe.decode_dispatches;
}

bool is_result(const ordered_json& json) {
  return json.is_object() && json.contains("format") && json["format"] == "pumice-bench" &&
         json.contains("format_version") && json["format_version"].is_number_integer();
}

/// Whether it has what format version 1 has.
bool is_complete(const ordered_json& json) {
  const auto has_texts = [&](const char* object, const char* one, const char* other) {
    return json.contains(object) && json[object].is_object() && json[object].contains(one) &&
           json[object].contains(other);
  };
  const auto has_group = [&](std::string_view group) {
    return json.contains(group) && json[std::string(group)].is_array();
  };
  return has_texts("pumice", "version", "commit") && has_texts("device", "name", "driver") &&
         json.contains("os") && json.contains("workload_version") &&
         std::ranges::all_of(kResultGroups, has_group);
}

}  // namespace

ordered_json to_json(const Result& result) {
  const Setting& setting = result.setting;
  ordered_json json{
      {"generator", kGenerator},
      {"format", "pumice-bench"},
      {"format_version", kFormatVersion},
      {"workload_version", kWorkloadVersion},
      {"pumice", {{"version", setting.version}, {"commit", setting.commit}}},
      {"device",
       {{"name", setting.device},
        {"driver", setting.driver},
        {"api", setting.api},
        {"type", setting.type},
        {"memory_bytes", setting.memory_bytes},
        {"threads", setting.threads},
        {"host_memory", setting.in_host_memory}}},
      {"os", setting.os},
      {"tuned", setting.is_tuned},
      {"seconds", result.seconds},
      {"ceilings", array_of(result.ceilings)},
      {"training", array_of(result.training)},
      {"kernels", array_of(result.kernels)},
      {"recipes", ordered_json::array()},
  };
  for (const RecipeResult& recipe : result.recipes) append(json["recipes"], recipe);
  return json;
}

ordered_json read_result(const std::filesystem::path& file) {
  const ordered_json json = ordered_json::parse(read_text(file), nullptr, false);
  require(is_result(json), "{}: expected JSON that `pumice bench` wrote", file.string());
  const int version = json["format_version"];
  require(version <= kFormatVersion, "{}: expected format version {} or older, got {}",
          file.string(), kFormatVersion, version);
  require(is_complete(json), "{}: expected JSON that `pumice bench` wrote, but parts are missing",
          file.string());
  return json;
}

}  // namespace pumice::benchmark
