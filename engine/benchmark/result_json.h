#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "engine/benchmark/measurement.h"

namespace pumice::benchmark {

/// The version of the JSON below.
inline constexpr int kFormatVersion = 1;

/// The arrays of measurements in it.
inline constexpr std::string_view kResultGroups[] = {"training", "ceilings", "kernels", "recipes"};

/// Everything, with every sample: {"generator", "format": "pumice-bench", "format_version",
/// "workload_version", "pumice": {"version", "commit"}, "device": {"name", "driver", "api", "type",
/// "memory_bytes", "threads", "host_memory"}, "os", "tuned": see Setting, "seconds", "ceilings":
/// […], "training": […], "kernels": […], "recipes": […]}. What was not measured is an empty array.
/// A measurement is {"name", "unit", "median", "first_quartile", "third_quartile", "samples",
/// "fraction_of_ceiling"}.
nlohmann::ordered_json to_json(const Result& result);

/// Reads a file that to_json() made, for comparisons. Throws Error, naming the file, if it is
/// another file or of a newer format.
nlohmann::ordered_json read_result(const std::filesystem::path& file);

}  // namespace pumice::benchmark
