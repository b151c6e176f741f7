#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/hal/device.h"
#include "engine/nn/vae.h"
#include "web/statistics.h"

namespace pumice::web {

/// A point of the latent space to interpolate from or to.
struct Slot {
  std::vector<float> latent;
  std::string origin;  ///< "seed 3, sample 7"
};

/// What the panels share. It lives as long as its model is open.
struct Workspace {
  hal::Device* device = nullptr;
  const nn::Vae* vae = nullptr;
  std::string model;  ///< the file's name

  uint64_t seed = 1;
  float truncation = 1;       ///< latents are multiplied by it: less gives more typical pictures
  std::vector<float> latent;  ///< the explored point
  std::array<Slot, 2> slots;  ///< A and B
  int next_slot = 0;          ///< where the next clicked sample goes

  Statistics statistics;
  size_t dispatches = 0;     ///< of the last decode
  std::vector<float> shown;  ///< the pictures of the last decode, for tests

  const nn::VaeDescription& network() const { return vae->description(); }
};

}  // namespace pumice::web
