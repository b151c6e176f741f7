#include "engine/io/metrics_json.h"

#include <cmath>
#include <cstdint>

#include "engine/base/require.h"
#include "engine/io/json_object.h"

namespace pumice::io {
namespace {

Json to_json(const Metrics& metrics) {
  Json object = Json::object();
  for (const Metric& metric : metrics) object[metric.name] = metric.value;
  return object;
}

// Not a JsonObject, as the names of metrics are not known in advance.
const Json& part(const Json& row, const char* key, const std::string& where) {
  require(row.is_object() && row.contains(key), "{}: has no '{}'", where, key);
  return row[key];
}

uint32_t read_epoch(const Json& row, const std::string& where) {
  const Json& epoch = part(row, "epoch", where);
  require(epoch.is_number_unsigned() && epoch > 0u && epoch <= UINT32_MAX,
          "{}: epoch: expected a whole number >= 1, found {}", where, epoch.dump());
  return epoch.get<uint32_t>();
}

Metrics read_metrics(const Json& row, const char* key, const std::string& where) {
  const Json& object = part(row, key, where);
  require(object.is_object(), "{}: {}: expected an object, found {}", where, key,
          object.type_name());
  Metrics metrics;
  for (const auto& [name, value] : object.items()) {
    require(value.is_number() || value.is_null(), "{}: {}: {}: expected a number, found {}", where,
            key, name, value.dump());
    metrics.push_back({name, value.is_null() ? NAN : value.get<double>()});
  }
  return metrics;
}

}  // namespace

std::string metrics_to_json(const std::vector<EpochMetrics>& metrics) {
  Json array = Json::array();
  for (const EpochMetrics& row : metrics) {
    array.push_back(
        {{"epoch", row.epoch}, {"train", to_json(row.train)}, {"test", to_json(row.test)}});
  }
  return array.dump();
}

std::vector<EpochMetrics> metrics_from_json(std::string_view text, const std::string& where) {
  const Json json = parse_json(text, where);
  require(json.is_array(), "{}: expected an array, found {}", where, json.type_name());
  std::vector<EpochMetrics> metrics;
  for (const Json& row : json) {
    const std::string name = fmt::format("{}[{}]", where, metrics.size());
    metrics.push_back({.epoch = read_epoch(row, name),
                       .train = read_metrics(row, "train", name),
                       .test = read_metrics(row, "test", name)});
  }
  return metrics;
}

}  // namespace pumice::io
