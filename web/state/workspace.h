#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/hal/device.h"
#include "engine/models/model.h"
#include "web/state/slot.h"
#include "web/state/statistics.h"

namespace pumice::web {

inline constexpr int kMostFrames = 60;   ///< of an interpolation
inline constexpr int kLargestGrid = 12;  ///< side of the grid of samples
/// That a decode makes at once: 128 MiB on the device, and several times as much here.
inline constexpr uint64_t kMostNumbers = uint64_t{1} << 25;

/// What happens when an interpolation has arrived at B.
enum class Ending { kStop, kLoop, kWander };

/// How to go from slot A to slot B.
struct Path {
  bool spherical = true;
  int frames = 16;
  float speed = 10;  ///< frames a second
  Ending ending = Ending::kLoop;
  bool operator==(const Path&) const = default;
};

/// The times of decodes of one size.
struct Timing {
  uint32_t batch = 0;
  double first = 0;  ///< milliseconds, with compiling
  Statistics decodes;
  size_t dispatches = 0;  ///< of each
};

/// What the device's buffers take.
struct DeviceMemory {
  uint64_t buffers = 0;
  uint64_t bytes = 0;
};

/// What the panels share. It lives as long as its model is open.
struct Workspace {
  hal::Device* device = nullptr;
  std::function<DeviceMemory()> device_memory;
  bool device_is_lost = false;  ///< nothing is asked of it any more
  const models::Model* networks = nullptr;
  std::vector<double> sampling;  ///< values of the family's sampling options
  std::string model;             ///< the file's name

  uint32_t label = 0;  ///< the class that a conditional model draws
  uint64_t seed = 1;
  float truncation = 1;       ///< latents are multiplied by it: less gives more typical pictures
  int side = 8;               ///< of the grid of samples
  std::vector<float> latent;  ///< the explored point
  std::array<Slot, 2> slots;  ///< A and B
  int next_slot = 0;          ///< where the next clicked sample goes
  Path path;

  /// Milliseconds until something shown moves by itself; negative: nothing does. Panels set it each
  /// frame.
  double next_frame = -1;

  Timing timing;             ///< of the decoder that ran last
  size_t decodes = 0;        ///< that were shown
  std::vector<float> shown;  ///< the pictures of the last decode, for tests

  /// What the panels have to know of the networks.
  struct Network {
    Shape picture;  ///< [height, width, channels]
    uint32_t latent_size = 0;
    uint32_t classes = 0;  ///< of a conditional model
  };
  Network network() const {
    const models::Description& description = networks->description();
    return {description.picture(), description.latent_size(), description.classes()};
  }
  /// Pictures that a decode makes at once, fewer where they are large.
  uint32_t most_pictures() const {
    return static_cast<uint32_t>(std::max<uint64_t>(1, kMostNumbers / network().picture.size()));
  }
  /// The side of a square grid of such pictures.
  int most_side(int wanted) const {
    const auto side = static_cast<int>(std::sqrt(static_cast<double>(most_pictures())));
    return std::min(wanted, side);
  }
  /// For so many pictures; empty where the model is not conditional.
  std::vector<uint32_t> labels(size_t count) const {
    return std::vector<uint32_t>(network().classes > 0 ? count : 0, label);
  }
};

}  // namespace pumice::web
