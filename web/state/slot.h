#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/models/latents.h"

namespace pumice::web {

/// A sample of a seed: its normal latent, truncated (see models::truncate).
struct Sample {
  uint64_t seed = 1;
  uint32_t index = 0;
  float truncation = 1;
  bool operator==(const Sample&) const = default;
};

/// A point of the latent space to interpolate from or to.
struct Slot {
  std::vector<float> latent;     ///< empty: not chosen yet
  std::optional<Sample> sample;  ///< if it is a sample
  std::string origin;            ///< "seed 3, sample 7"
};

inline Slot slot_of(const Sample& sample, uint32_t latent_size) {
  Slot slot{models::normal_latents(sample.seed, sample.index, 1, latent_size), sample,
            fmt::format("seed {}, sample {}", sample.seed, sample.index)};
  models::truncate(slot.latent, sample.truncation);
  return slot;
}

/// Where exploring a seed begins: its first sample, moved towards the mean, where images are more
/// typical.
inline Slot typical_slot(uint64_t seed, uint32_t latent_size) {
  return slot_of({.seed = seed, .index = 0, .truncation = models::kTypicalTruncation}, latent_size);
}

}  // namespace pumice::web
