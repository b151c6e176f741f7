#pragma once

#include <string_view>

#include "engine/metrics/features.h"

namespace pumice::metrics {

/// Throw Error, beginning with `who`, unless a set of features has the declared sizes and finite
/// values, and sets to be compared have features of the same size.
void require_features(std::string_view who, const Features& features);
void require_alike(std::string_view who, const Features& one, const Features& other);

}  // namespace pumice::metrics
