#include "engine/metrics/neighbours.h"

#include "engine/metrics/check.h"
#include "engine/metrics/distances.h"

namespace pumice::metrics {

std::vector<Neighbour> nearest_neighbours(const Features& queries, const Features& among) {
  require_alike("nearest_neighbours", queries, among);
  std::vector<Neighbour> nearest(queries.count);
  Distances(among).for_each(
      queries, [&](const Distances::Row& row) { nearest[row.index()] = row.nearest(1).front(); });
  return nearest;
}

}  // namespace pumice::metrics
