#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace pumice::io {

/// The JSON text of an object, for files and stdout. Replaces invalid UTF-8, which file names may
/// contain, with U+FFFD, where json::dump() would throw.
std::string json_text(const nlohmann::json& json, int indent = -1);
std::string json_text(const nlohmann::ordered_json& json, int indent = -1);

}  // namespace pumice::io
