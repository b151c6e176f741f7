#include "engine/metrics/subset.h"

#include <numeric>

#include "engine/base/philox.h"

namespace pumice::metrics {

std::vector<uint32_t> random_subset(uint32_t count, uint32_t size, uint64_t seed, uint32_t stream) {
  std::vector<uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0);
  PhiloxStream random(seed, stream);
  for (uint32_t i = 0; i < size; ++i) {  // the first steps of a Fisher-Yates shuffle
    const auto ahead = static_cast<uint32_t>((uint64_t{random.bits()} * (count - i)) >> 32);
    std::swap(indices[i], indices[i + ahead]);
  }
  indices.resize(size);
  return indices;
}

Features take_samples(const Features& features, std::span<const uint32_t> indices) {
  Features taken{.count = static_cast<uint32_t>(indices.size()), .size = features.size};
  taken.values.reserve(indices.size() * features.size);
  for (uint32_t index : indices) {
    const auto begin = features.values.begin() + static_cast<ptrdiff_t>(index) * features.size;
    taken.values.insert(taken.values.end(), begin, begin + features.size);
  }
  return taken;
}

}  // namespace pumice::metrics
