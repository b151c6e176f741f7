#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/benchmark/measurement.h"

namespace pumice::benchmark {

/// A self-contained HTML document with the tables and bars; it opens from a file, fetches nothing
/// and needs no JavaScript.
std::string to_html(const Result& result);
/// Such a document of what compare() gave.
std::string comparison_page(const nlohmann::ordered_json& comparison);

}  // namespace pumice::benchmark
