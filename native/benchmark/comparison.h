#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/benchmark/result_text.h"

namespace pumice::benchmark {

/// A comparison of two results, as JSON: {"generator", "a": header line, "b": header line, "rows":
/// [{"group", "name", "unit", "a", "b", "ratio", "low", "high"}, …], "steps": [{"name",
/// "dispatches": {"a", "b"}, "barriers", "bytes"}, …]}. `ratio` is the speed of B
/// relative to A, of medians; `low` and `high` are the ratios of opposite quartiles. Where a value
/// has wrong losses or another batch, the ratio is null. What only one of them measured is left
/// out. Throws Error if the workload versions differ.
nlohmann::ordered_json compare(const nlohmann::ordered_json& a, const nlohmann::ordered_json& b);

/// The measurements of both, with bars, each relative to the larger of the two; and what the steps
/// of the recipes that both have consist of, if there are any.
std::vector<Section> comparison_sections(const nlohmann::ordered_json& comparison);

/// As Markdown.
std::string comparison_text(const nlohmann::ordered_json& comparison);

}  // namespace pumice::benchmark
