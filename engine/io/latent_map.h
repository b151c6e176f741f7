#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/io/checkpoint.h"

namespace pumice::io {

/// A map of what a model has learned, for the page: places in a plane of test images by their
/// latents or, if the model has no encoder, of samples by their images. Part of an exported file:
/// tensors whose names begin with "map." (their fields here), and the metadata `map` (the text) and
/// `map_classes`.
///
/// A point's place is `axes` × (x - `mean`), where x is its latent, as far as it is kept, or its
/// image shrunk by shrunk_image(). On a map by an extractor's features, that only estimates it.
struct LatentMap {
  std::string text;                      ///< what the points are and how they are placed
  std::vector<std::string> class_names;  ///< by label; may be empty
  uint32_t count = 0;                    ///< points

  /// Of test images: the latent numbers that are kept, most influential first; all others are
  /// nearly the same for all images. Empty for samples.
  std::vector<uint32_t> numbers;
  std::vector<float> latents;  ///< of test images: the encoder's means of `numbers`, [count, K]
  std::vector<float> places;   ///< of samples: [count, 2]

  std::vector<float> mean;      ///< of test images: [z], which also replaces what is not kept
  std::vector<float> axes;      ///< of test images: [2, K]; of samples: [2, shrunk image]
  std::vector<uint8_t> labels;  ///< [count]; may be empty

  Shape thumbnail;                         ///< [height, width, channels]
  std::vector<uint8_t> thumbnails;         ///< [T, thumbnail]: images of some points, far apart;
  std::vector<uint32_t> thumbnail_points;  ///< these. The first ones alone are far apart too.

  bool has_latents() const { return !numbers.empty(); }
};

/// So that the page can draw them as octagons with 16-bit indices.
inline constexpr uint32_t kMostMapPoints = 5000;
/// The seed whose first samples are the points of a map of samples: see models::normal_latents.
inline constexpr uint64_t kMapSeed = 1;

/// Averages blocks of pixels, so that an image has at most 1024 numbers: for thumbnails, and for
/// comparing images. Images that have no more stay as they are.
Shape shrunk_shape(const Shape& image);
std::vector<float> shrunk_image(std::span<const float> image, const Shape& shape);

/// Whether a tensor belongs to a map.
inline bool is_of_map(std::string_view tensor) { return tensor.starts_with("map."); }

/// The tensors of a map, and the memory that they point to. Cannot be moved.
class MapTensors {
 public:
  /// Latents and places become f16. `map` must outlive this.
  explicit MapTensors(const LatentMap& map);
  MapTensors(const MapTensors&) = delete;
  MapTensors& operator=(const MapTensors&) = delete;
  const std::vector<NamedTensor>& list() const { return list_; }

 private:
  template <typename Value>
  void add(const char* name, ElementType type, Shape shape, const std::vector<Value>& values);

  std::vector<uint16_t> halves_;  ///< of latents or places
  std::vector<NamedTensor> list_;
};

/// Adds a map's metadata.
void put_map(Metadata& metadata, const LatentMap& map);

/// The map in an exported file; nullopt without one. Throws Error, naming the tensor, if it does
/// not fit the file's model or holds a number that is not finite.
std::optional<LatentMap> latent_map_of(const Checkpoint& checkpoint);

}  // namespace pumice::io
