#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "web/state/workspace.h"

namespace pumice::web {

/// What the part of the address after '#' restores.
struct Permalink {
  std::string model;  ///< the name in models/index.json
  std::string tab;
  uint32_t label = 0;  ///< the class that a conditional model draws
  uint64_t seed = 1;
  float truncation = 1;
  int side = 8;
  std::vector<float> latent;  ///< the explored point; empty: the middle
  std::array<Slot, 2> slots;  ///< samples without their latents
  Path path;
};

/// Lines "key=value": model, tab, class, seed, truncation, side, latent, a, b, path. What is
/// missing or unreadable keeps its default: a link may be cut off.
///
/// Points are decimals with commas, and those of many numbers 16-bit steps of 1/4096, from -8 to 8,
/// as "~" and base64url. Slots are points too, or samples: "seed:index" or "seed:index:truncation".
Permalink permalink_from_lines(std::string_view lines);
std::string permalink_to_lines(const Permalink& link);

}  // namespace pumice::web
