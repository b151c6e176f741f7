#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "engine/io/latent_map.h"

namespace pumice::web {

/// A point of a map's plane.
struct Place {
  float x = 0, y = 0;
  bool operator==(const Place&) const = default;
};
inline Place operator+(Place a, Place b) { return {a.x + b.x, a.y + b.y}; }
inline Place operator-(Place a, Place b) { return {a.x - b.x, a.y - b.y}; }
inline Place operator*(float factor, Place a) { return {factor * a.x, factor * a.y}; }
float squared_distance(Place a, Place b);

/// A map seen in one of its planes, which latents and places are mapped to each other by.
class MapView {
 public:
  /// Of test images: the plane of their principal components or, if `by_numbers`, that of their two
  /// most influential latent numbers. `map` must outlive this.
  MapView(const io::LatentMap& map, uint32_t latent_size, bool by_numbers);

  /// Of the points.
  const std::vector<Place>& places() const { return places_; }
  /// The corners of the smallest rectangle around all.
  Place least() const { return least_; }
  Place most() const { return most_; }

  /// The place of a latent. Only of test images.
  Place place(std::span<const float> latent) const;
  /// The place of a decoded image of `shape`. Only of samples.
  Place place_of_image(std::span<const float> image, const Shape& shape) const;
  /// The point of a map of samples that has this latent.
  std::optional<uint32_t> sample_of(std::span<const float> latent) const;

  uint32_t nearest(Place place) const;
  /// The next point to the left, right, above or below (0 … 3): nearer to that direction than to
  /// the others. `from` itself if there is none.
  uint32_t neighbour(uint32_t from, uint32_t direction) const;

  std::vector<float> latent(uint32_t point) const;
  /// The latent of the nearest point, of test images moved along the axes to `place`.
  std::vector<float> latent_at(Place place) const;
  /// Moves a latent along the axes to `place`: what the plane does not show stays. Only of test
  /// images.
  void move(std::span<float> latent, Place place) const;

  /// The variances of x and y and their covariance, of a latent with these log-variances. Only of
  /// test images.
  std::array<float, 3> spread(std::span<const float> log_variances) const;

 private:
  void set_axes(bool by_numbers);
  Place project(std::span<const float> x) const;

  const io::LatentMap& map_;
  uint32_t latent_size_;
  std::array<std::vector<float>, 2> axes_;  ///< of unit length for test images
  Place origin_;                            ///< the place of zeros
  std::vector<Place> places_;
  Place least_, most_;
  std::vector<float> firsts_;  ///< the samples' first latent numbers
};

/// The direction of an arrow: left, right, up, down.
Place arrow(uint32_t direction);

}  // namespace pumice::web
