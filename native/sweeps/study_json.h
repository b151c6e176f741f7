#pragma once

#include <nlohmann/json_fwd.hpp>

#include "native/sweeps/study.h"

namespace pumice {

nlohmann::json to_json(const Study& study);
/// Keys that are missing, as in files of earlier versions, have their defaults. Throws
/// nlohmann::json::exception for values of another type.
Study study_from(const nlohmann::json& object);

}  // namespace pumice
