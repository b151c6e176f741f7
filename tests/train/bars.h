#pragma once

#include "engine/base/philox.h"
#include "engine/data/image_set.h"

namespace pumice::test {

constexpr uint32_t kBatch = 16;
constexpr uint32_t kStepsPerEpoch = 12;
constexpr uint32_t kBarClasses = 7;

/// Images of 7 × 9 with a bright bar in the row of their class, and a few more than whole
/// batches.
inline data::ImageSet bars(uint64_t seed) {
  data::ImageSet set;
  set.count = kBatch * kStepsPerEpoch + 5;
  set.height = kBarClasses;
  set.width = 9;
  PhiloxStream random(seed, 0);
  set.pixels.resize(set.count * set.image_size());
  for (uint32_t i = 0; i < set.count; ++i) {
    const uint32_t row = random.bits() % set.height;
    set.labels.push_back(static_cast<uint8_t>(row));
    for (uint32_t x = 0; x < set.width; ++x) {
      set.pixels[i * set.image_size() + row * set.width + x] =
          static_cast<uint8_t>(128 + random.bits() % 128);
    }
  }
  return set;
}

}  // namespace pumice::test
