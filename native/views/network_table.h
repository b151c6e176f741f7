#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/models/model.h"

namespace pumice::views {

/// A table for each network: its layers' kind, output and parameters, with totals below.
std::string network_tables(const models::Model& model);

/// The same: [{"name": "encoder", "input": [28, 28, 1], "output": …, "parameters": …, "layers":
/// [{"name": "encoder.0", "kind": "linear, relu", "output": [512], "parameters": 401920}, …]}, …].
nlohmann::json networks_to_json(const models::Model& model);

}  // namespace pumice::views
