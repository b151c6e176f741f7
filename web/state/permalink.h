#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "web/state/workspace.h"

namespace pumice::web {

/// The state in the part of the address after '#'.
struct Permalink {
  std::string model;  ///< the name in models/index.json
  std::string tab;
  uint32_t label = 0;  ///< the class, for a conditional model
  uint64_t seed = 1;
  float truncation = 1;
  int side = 8;
  std::vector<float> latent;     ///< the explored point; empty: where the seed begins
  std::array<Slot, 2> slots;     ///< samples without their latents
  std::vector<Slot> way_points;  ///< in the same form; at most kMostWayPoints
  Path path;
  std::string beside;           ///< the name of the model to compare with
  uint32_t beside_label = 0;    ///< its class, if it alone is conditional
  bool map_by_numbers = false;  ///< the map's plane: latent numbers, not principal components
};

/// Lines "key=value": model, tab, class, seed, truncation, side, latent, a, b, via, path, beside,
/// beside_class, plane ("numbers"). Missing or unreadable values keep their defaults, as a link may
/// be truncated.
///
/// Points are comma-separated decimals or, if they have many numbers, "~" and base64url of 16-bit
/// multiples of 1/4096, from -8 to 8; the origin is "0", whatever its size. Slots are points or
/// samples: "seed:index" or "seed:index:truncation". "via" has several, separated by ';'.
Permalink permalink_from_lines(std::string_view lines);
std::string permalink_to_lines(const Permalink& link);

}  // namespace pumice::web
