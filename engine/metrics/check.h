#pragma once

#include <string_view>

#include "engine/metrics/features.h"

namespace pumice::metrics {

/// Throw Error, beginning with `who`, unless a set of features holds what it says, all of it
/// finite, and sets that are compared have features of one size.
void require_features(std::string_view who, const Features& features);
void require_alike(std::string_view who, const Features& one, const Features& other);

}  // namespace pumice::metrics
