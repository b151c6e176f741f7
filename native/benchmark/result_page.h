#pragma once

#include <string>

#include "native/benchmark/measurement.h"

namespace pumice::benchmark {

/// A self-contained HTML document with the tables and bars; it opens from a file, fetches nothing
/// and needs no JavaScript.
std::string to_html(const Result& result);

}  // namespace pumice::benchmark
