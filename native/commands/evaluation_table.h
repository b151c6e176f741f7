#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace pumice::commands {

/// Several runs' metrics side by side, as text. `results`: what `pumice evaluate --json` prints of
/// each. Says so if their features are of different extractors, or compared with different images.
std::string evaluation_table(const std::vector<nlohmann::ordered_json>& results);

}  // namespace pumice::commands
