#include "native/commands/evaluation_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/base/table.h"

namespace pumice::commands {
namespace {

using nlohmann::ordered_json;

/// In the order in which they are first measured.
std::vector<std::string> names_of(const std::vector<ordered_json>& results) {
  std::vector<std::string> names;
  for (const ordered_json& result : results) {
    for (const auto& metric : result.at("figures").items()) {
      if (std::ranges::find(names, metric.key()) == names.end()) names.push_back(metric.key());
    }
  }
  return names;
}

std::string cell(const ordered_json& result, const std::string& name) {
  const ordered_json& metrics = result.at("figures");
  if (!metrics.contains(name)) return "-";
  const ordered_json& metric = metrics.at(name);
  const std::string mean = fmt::format("{:.5g}", metric.at("mean").get<double>());
  if (!metric.contains("deviation")) return mean;
  return fmt::format("{} ± {:.2g}", mean, metric.at("deviation").get<double>());
}

bool differ(const std::vector<ordered_json>& results, const char* key) {
  std::set<std::string> values;
  for (const ordered_json& result : results) values.insert(result.at(key).dump());
  return values.size() > 1;
}

}  // namespace

std::string evaluation_table(const std::vector<ordered_json>& results) {
  const auto row = [&](const std::string& title, const auto& text) {
    Table::Row cells{title};
    for (const ordered_json& result : results) cells.push_back(text(result));
    return cells;
  };
  Table table(row("", [](const ordered_json& r) { return r.at("run").get<std::string>(); }));
  table.add(row("recipe", [](const ordered_json& r) { return r.at("recipe").get<std::string>(); }));
  table.add(row("epoch", [](const ordered_json& r) { return r.at("epoch").dump(); }));
  table.add(row("extractor",
                [](const ordered_json& r) { return r.at("extractor_hash").get<std::string>(); }));
  for (const std::string& name : names_of(results)) {
    table.add(row(name, [&](const ordered_json& r) { return cell(r, name); }));
  }
  std::string text = table.text();
  if (differ(results, "extractor_hash") || differ(results, "reference_pictures")) {
    text += "\nThey have different extractors or images: their FIDs cannot be compared.";
  }
  return text;
}

}  // namespace pumice::commands
