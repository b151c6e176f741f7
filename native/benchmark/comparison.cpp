#include "native/benchmark/comparison.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/base/require.h"
#include "native/benchmark/result_text.h"

namespace pumice::benchmark {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kGroups[] = {"training", "ceilings", "kernels", "recipes"};

std::string header_of(const ordered_json& json) {
  return header_line({.version = json["pumice"]["version"],
                      .commit = json["pumice"]["commit"],
                      .device = json["device"]["name"],
                      .driver = json["device"]["driver"],
                      .api = {},
                      .type = {},
                      .os = json["os"]});
}

const ordered_json* find(const ordered_json& group, const std::string& name) {
  for (const ordered_json& own : group) {
    if (own["name"] == name) return &own;
  }
  return nullptr;
}

bool is_wrong(const ordered_json& own) {
  return own.contains("gate") && own["gate"]["verdict"] == "wrong";
}

bool is_comparable(const ordered_json& a, const ordered_json& b) {
  return !is_wrong(a) && !is_wrong(b) && a.value("batch", 0) == b.value("batch", 0);
}

/// Of times, less is faster.
double speed_ratio(const ordered_json& a, const char* of_a, const ordered_json& b,
                   const char* of_b) {
  const double own = b[of_b], other = a[of_a];
  return a["unit"] == "us" ? other / own : own / other;
}

ordered_json row_of(std::string_view group, const ordered_json& a, const ordered_json& b) {
  ordered_json row{{"group", group},
                   {"name", a["name"]},
                   {"unit", a["unit"]},
                   {"a", a["median"]},
                   {"b", b["median"]},
                   {"a_is_wrong", is_wrong(a)},
                   {"b_is_wrong", is_wrong(b)},
                   {"ratio", nullptr},
                   {"low", nullptr},
                   {"high", nullptr}};
  if (!is_comparable(a, b)) return row;
  const bool is_time = a["unit"] == "us";
  row["ratio"] = speed_ratio(a, "median", b, "median");
  const double one = speed_ratio(a, "third_quartile", b, "first_quartile");
  const double two = speed_ratio(a, "first_quartile", b, "third_quartile");
  row["low"] = is_time ? two : one;
  row["high"] = is_time ? one : two;
  return row;
}

bool is_measured(const ordered_json& own) { return own.contains("median"); }

std::string value_text(const ordered_json& row, const char* side, const char* is_wrong) {
  const std::string text = number_text(row[side]);
  return row[is_wrong] ? "~~" + text + "~~" : text;
}

std::string ratio_text(const ordered_json& row) {
  if (row["ratio"].is_null()) return "-";
  return fmt::format("{:.2f} ({:.2f} to {:.2f})", double(row["ratio"]), double(row["low"]),
                     double(row["high"]));
}

}  // namespace

ordered_json compare(const ordered_json& a, const ordered_json& b) {
  require(a["workload_version"] == b["workload_version"],
          "compare: expected the same workload version, got {} and {}", int(a["workload_version"]),
          int(b["workload_version"]));
  ordered_json rows = ordered_json::array();
  for (const std::string_view group : kGroups) {
    for (const ordered_json& own : a[std::string(group)]) {
      const ordered_json* other = find(b[std::string(group)], own["name"]);
      if (other == nullptr || !is_measured(own) || !is_measured(*other)) continue;
      rows.push_back(row_of(group, own, *other));
    }
  }
  return {{"a", header_of(a)}, {"b", header_of(b)}, {"rows", rows}};
}

std::string comparison_text(const ordered_json& comparison) {
  formats::Table table({"what", "unit", "A", "B", "speed of B / A (quartiles)"});
  for (const ordered_json& row : comparison["rows"]) {
    table.add({row["name"], row["unit"], value_text(row, "a", "a_is_wrong"),
               value_text(row, "b", "b_is_wrong"), ratio_text(row)});
  }
  return fmt::format("A: {}\n\nB: {}\n\n{}", std::string(comparison["a"]),
                     std::string(comparison["b"]), table.markdown());
}

}  // namespace pumice::benchmark
