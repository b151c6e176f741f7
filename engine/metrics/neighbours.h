#pragma once

#include "engine/metrics/features.h"

namespace pumice::metrics {

struct Neighbour {
  uint32_t index = 0;   ///< of a row of `among`; the first of equals
  double distance = 0;  ///< Euclidean, in features
};

/// For each query the nearest of `among`: generated samples that lie on top of training pictures
/// were learnt by heart. Throws Error when sizes differ or `among` is empty.
std::vector<Neighbour> nearest_neighbours(const Features& queries, const Features& among);

}  // namespace pumice::metrics
