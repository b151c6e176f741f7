#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/hal/device.h"
#include "engine/io/latent_map.h"
#include "engine/models/model.h"
#include "web/page/browser.h"
#include "web/state/directions.h"
#include "web/state/history.h"
#include "web/state/slot.h"
#include "web/state/statistics.h"

namespace pumice::web {

inline constexpr int kMostFrames = 60;       ///< of an interpolation, from stop to stop
inline constexpr size_t kMostWayPoints = 6;  ///< points on the way from A to B
inline constexpr int kLargestGrid = 12;      ///< side of the grid of samples
/// Per decode: 128 MiB on the device, and several times as much on the host.
inline constexpr uint64_t kMostNumbers = uint64_t{1} << 25;

/// What happens when an interpolation has arrived at B. kTour: it continues to A, and round again.
enum class Ending { kStop, kLoop, kWander, kBack, kTour };

/// How to interpolate from slot A to slot B, by way of others.
struct Path {
  bool spherical = true;
  int frames = 16;   ///< from stop to stop, both included
  float speed = 10;  ///< frames per second
  Ending ending = Ending::kBack;
  bool operator==(const Path&) const = default;
};

/// A model that is hosted with the page: its name, and its file relative to the page's models.
struct Offer {
  std::string name;
  std::string file;
};

/// The durations of decodes of one size.
struct Timing {
  uint32_t batch = 0;
  double first = 0;  ///< milliseconds, including compilation
  Statistics decodes;
  size_t dispatches = 0;  ///< per decode
};

/// Whether the device is WebGPU's; otherwise it is the processor.
inline bool uses_webgpu(const hal::Limits& limits) { return limits.api == "WebGPU"; }

/// Whether the user's system asks for less motion: animations then start only on request.
inline bool reduces_motion() { return page_reduces_motion() != 0; }

/// State shared by the panels. Exists as long as its model is open.
struct Workspace {
  hal::Device* device = nullptr;
  std::string device_reason;  ///< why it is not another; may be empty
  std::function<hal::MemoryUse()> device_memory;
  bool device_is_lost = false;  ///< it is no longer used
  const models::Model* networks = nullptr;
  const std::vector<Offer>* offers = nullptr;
  std::vector<double> sampling;     ///< values of the family's sampling options
  std::string model;                ///< the file's name
  std::vector<float> first_latent;  ///< where exploring seed 1 begins; may be empty

  uint32_t label = 0;  ///< the class, for a conditional model
  uint64_t seed = 1;
  float truncation = 1;          ///< scales latents: smaller values give more typical images
  int side = 8;                  ///< side of the grid of samples
  std::vector<float> latent;     ///< the explored point
  std::array<Slot, 2> slots;     ///< A and B
  std::vector<Slot> way_points;  ///< where the path passes between them
  uint32_t chosen = 0;           ///< the sample of the grid that is chosen
  std::string wanted_tab;        ///< a panel sends the user there; empty: no change
  std::optional<uint32_t> wanted_label;  ///< a panel's choice of the class
  Path path;
  std::string beside;           ///< the offered model to compare with; may be empty
  uint32_t beside_label = 0;    ///< its class, if it alone is conditional
  bool map_by_numbers = false;  ///< the map's plane: latent numbers, not principal components
  std::vector<float> moments;   ///< of the image encoded last: z means, z log-variances; or empty
  const io::LatentMap* map = nullptr;     ///< null if the file has none
  std::vector<Direction> directions;      ///< of the model's weights; may be empty
  std::vector<std::string> class_titles;  ///< of a conditional model
  uint32_t next_sample = 2;  ///< of the seed: the next one to use without being asked for
  History<std::vector<float>> history;  ///< of the explored point

  /// Milliseconds until the next frame of an animation; negative if there is none. Panels set it in
  /// each frame.
  double next_frame = -1;

  Timing timing;             ///< of the last decoder to run
  double asked = -1;         ///< when the image was requested that is awaited; negative: none is
  size_t decodes = 0;        ///< number of decodes that were shown
  std::vector<float> shown;  ///< the images of the last decode, for tests

  /// The properties of the networks that the panels need.
  struct Network {
    Shape image;  ///< [height, width, channels]
    uint32_t latent_size = 0;
    uint32_t classes = 0;  ///< for a conditional model
  };
  Network network() const {
    const models::Description& description = networks->description();
    return {description.image(), description.latent_size(), description.classes()};
  }
  /// Where exploring a seed begins.
  std::vector<float> beginning_of(uint64_t seed) const {
    if (seed == models::kTypicalSeed && !first_latent.empty()) return first_latent;
    return typical_slot(seed, network().latent_size).latent;
  }
  /// The maximum number of images per decode, smaller for large images.
  uint32_t most_images() const {
    return static_cast<uint32_t>(std::max<uint64_t>(1, kMostNumbers / network().image.size()));
  }
  /// The side of a square grid within that limit.
  int most_side(int wanted) const {
    const auto side = static_cast<int>(std::sqrt(static_cast<double>(most_images())));
    return std::min(wanted, side);
  }
  /// Returns the explored point to where it was, or forth again.
  void undo() {
    if (history.can_undo()) latent = history.undo();
  }
  void redo() {
    if (history.can_redo()) latent = history.redo();
  }
  /// The latents of A, of the points on the way and of B, [stops, size]; empty without A or B.
  std::vector<float> stops() const {
    if (slots[0].latent.empty() || slots[1].latent.empty()) return {};
    std::vector<float> latents = slots[0].latent;
    for (const Slot& way : way_points)
      latents.insert(latents.end(), way.latent.begin(), way.latent.end());
    latents.insert(latents.end(), slots[1].latent.begin(), slots[1].latent.end());
    return latents;
  }
  /// Makes the next unused sample of the seed a slot.
  Slot next_slot() { return slot_of({seed, next_sample++, 1}, network().latent_size); }
  /// Labels for `count` images; empty if the model is not conditional.
  std::vector<uint32_t> labels(size_t count) const {
    return std::vector<uint32_t>(network().classes > 0 ? count : 0, label);
  }
};

}  // namespace pumice::web
