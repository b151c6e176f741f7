#include "native/benchmark/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/generator.h"
#include "engine/base/require.h"
#include "engine/benchmark/result_json.h"
#include "engine/benchmark/result_text.h"

namespace pumice::benchmark {
namespace {

using nlohmann::ordered_json;

std::string header_of(const ordered_json& json) {
  return header_line({.version = json.at("pumice").at("version"),
                      .commit = json.at("pumice").at("commit"),
                      .device = json.at("device").at("name"),
                      .driver = json.at("device").at("driver"),
                      .api = {},
                      .type = {},
                      .threads = json.at("device").value("threads", 0u),
                      .os = json.at("os"),
                      .in_host_memory = json.at("device").value("host_memory", false),
                      .is_tuned = json.value("tuned", false)});
}

const ordered_json* find(const ordered_json& group, const std::string& name) {
  for (const ordered_json& own : group) {
    if (own.at("name") == name) return &own;
  }
  return nullptr;
}

bool is_wrong(const ordered_json& own) {
  return own.contains("gate") && own.at("gate").at("verdict") == "wrong";
}

/// A workload whose batch did not fit in memory is another one.
bool has_own_batch(const ordered_json& own) {
  return own.value("batch", 0) == own.value("frozen_batch", own.value("batch", 0));
}

bool is_comparable(const ordered_json& a, const ordered_json& b) {
  return !is_wrong(a) && !is_wrong(b) && has_own_batch(a) && has_own_batch(b) &&
         a.value("batch", 0) == b.value("batch", 0);
}

/// Of times, less is faster.
double speed_ratio(const ordered_json& a, const char* of_a, const ordered_json& b,
                   const char* of_b) {
  const double own = b.at(of_b), other = a.at(of_a);
  return a.at("unit") == "us" ? other / own : own / other;
}

ordered_json row_of(std::string_view group, const ordered_json& a, const ordered_json& b) {
  ordered_json row{{"group", group},
                   {"name", a.at("name").get<std::string>()},
                   {"unit", a.at("unit").get<std::string>()},
                   {"a", a.at("median")},
                   {"b", b.at("median")},
                   {"a_is_wrong", is_wrong(a)},
                   {"b_is_wrong", is_wrong(b)},
                   {"ratio", nullptr},
                   {"low", nullptr},
                   {"high", nullptr}};
  if (!is_comparable(a, b)) return row;
  const bool is_time = a.at("unit") == "us";
  row["ratio"] = speed_ratio(a, "median", b, "median");
  const double one = speed_ratio(a, "third_quartile", b, "first_quartile");
  const double two = speed_ratio(a, "first_quartile", b, "third_quartile");
  row["low"] = is_time ? two : one;
  row["high"] = is_time ? one : two;
  return row;
}

constexpr const char* kCounts[] = {"dispatches", "barriers", "bytes"};

/// What a step consists of, in both.
ordered_json counts_of(const ordered_json& a, const ordered_json& b) {
  ordered_json row{{"name", a.at("name").get<std::string>()}};
  for (const char* count : kCounts) {
    row[count] = {{"a", a.value(count, uint64_t{0})}, {"b", b.value(count, uint64_t{0})}};
  }
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

/// One bar for each of the two.
void add_bars(std::vector<Bar>& bars, const ordered_json& row) {
  const bool is_time = row["unit"] == "us";
  const double a = is_time ? 1 / double(row["a"]) : double(row["a"]);
  const double b = is_time ? 1 / double(row["b"]) : double(row["b"]);
  const double most = std::max(a, b);
  const std::string name = row["name"];
  const std::string unit = " " + std::string(row["unit"]);
  bars.push_back({.name = name + ", A",
                  .length = a / most,
                  .text = value_text(row, "a", "a_is_wrong") + unit,
                  .is_wrong = row["a_is_wrong"]});
  bars.push_back({.name = name + ", B",
                  .length = b / most,
                  .text = value_text(row, "b", "b_is_wrong") + unit,
                  .is_wrong = row["b_is_wrong"],
                  .is_second = true});
}

Section measurements_section(const ordered_json& comparison) {
  Section section{.title = "Comparison",
                  .table = Table({"what", "unit", "A", "B", "speed of B / A (quartiles)"}),
                  .bars_title = "Speeds, relative to the faster of the two"};
  for (const ordered_json& row : comparison["rows"]) {
    section.table.add({row["name"], row["unit"], value_text(row, "a", "a_is_wrong"),
                       value_text(row, "b", "b_is_wrong"), ratio_text(row)});
    add_bars(section.bars, row);
  }
  return section;
}

Section steps_section(const ordered_json& comparison) {
  Section section{
      .title = "Steps",
      .table = Table({"recipe", "dispatches, A", "B", "barriers, A", "B", "MB, A", "B"})};
  for (const ordered_json& row : comparison["steps"]) {
    const auto number = [&](const char* count, const char* side) {
      return fmt::to_string(row[count][side].get<uint64_t>());
    };
    const auto megabytes = [&](const char* side) {
      return number_text(1e-6 * row["bytes"][side].get<double>());
    };
    section.table.add({row["name"], number("dispatches", "a"), number("dispatches", "b"),
                       number("barriers", "a"), number("barriers", "b"), megabytes("a"),
                       megabytes("b")});
  }
  return section;
}

}  // namespace

ordered_json compare(const ordered_json& a, const ordered_json& b) try {
  require(a.at("workload_version") == b.at("workload_version"),
          "compare: expected the same workload version, got {} and {}",
          int(a.at("workload_version")), int(b.at("workload_version")));
  ordered_json rows = ordered_json::array(), steps = ordered_json::array();
  for (const std::string_view group : kResultGroups) {
    for (const ordered_json& own : a.at(std::string(group))) {
      const ordered_json* other = find(b.at(std::string(group)), own.at("name"));
      if (other == nullptr || !is_measured(own) || !is_measured(*other)) continue;
      rows.push_back(row_of(group, own, *other));
      const bool is_step = own.contains("barriers") && other->contains("barriers");
      if (is_step) steps.push_back(counts_of(own, *other));
    }
  }
  return {{"generator", kGenerator},
          {"a", header_of(a)},
          {"b", header_of(b)},
          {"rows", rows},
          {"steps", steps}};
} catch (const nlohmann::json::exception& error) {
  fail("compare: expected files that `pumice bench` wrote: {}", error.what());
}

std::vector<Section> comparison_sections(const ordered_json& comparison) {
  std::vector<Section> sections = {measurements_section(comparison)};
  if (!comparison["steps"].empty()) sections.push_back(steps_section(comparison));
  return sections;
}

std::string comparison_text(const ordered_json& comparison) {
  std::string text =
      fmt::format("A: {}\n\nB: {}\n", std::string(comparison["a"]), std::string(comparison["b"]));
  for (const Section& section : comparison_sections(comparison)) {
    text += "\n" + section.table.markdown();
  }
  return text;
}

}  // namespace pumice::benchmark
