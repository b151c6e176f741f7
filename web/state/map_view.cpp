#include "web/state/map_view.h"

#include <algorithm>
#include <cmath>

#include "engine/models/latents.h"

namespace pumice::web {

float squared_distance(Place a, Place b) {
  const Place apart = a - b;
  return apart.x * apart.x + apart.y * apart.y;
}

Place arrow(uint32_t direction) {
  constexpr std::array<Place, 4> kArrows = {{{-1, 0}, {1, 0}, {0, 1}, {0, -1}}};
  return kArrows[direction % kArrows.size()];
}

MapView::MapView(const io::LatentMap& map, uint32_t latent_size, bool by_numbers)
    : map_(map), latent_size_(latent_size) {
  set_axes(by_numbers);
  for (uint32_t i = 0; i < map.count; ++i) {
    places_.push_back(map.has_latents() ? place(latent(i))
                                        : Place{map.places[2 * i], map.places[2 * i + 1]});
  }
  if (!map.has_latents()) firsts_ = models::normal_latents(io::kMapSeed, 0, map.count, 1);
  least_ = most_ = places_.front();
  for (const Place& each : places_) {
    least_ = {std::min(least_.x, each.x), std::min(least_.y, each.y)};
    most_ = {std::max(most_.x, each.x), std::max(most_.y, each.y)};
  }
}

// Those of kept latent numbers become axes of the whole latent.
void MapView::set_axes(bool by_numbers) {
  const size_t size = map_.axes.size() / 2;
  for (size_t axis = 0; axis < 2; ++axis) {
    std::vector<float>& to = axes_[axis];
    to.assign(map_.mean.size(), 0);
    for (size_t i = 0; i < size && !by_numbers; ++i) {
      to[map_.has_latents() ? map_.numbers[i] : i] = map_.axes[axis * size + i];
    }
    if (by_numbers) to[map_.numbers[axis]] = 1;
  }
  if (!by_numbers) origin_ = Place{} - project(map_.mean);
}

Place MapView::project(std::span<const float> x) const {
  Place place = origin_;
  for (size_t i = 0; i < x.size(); ++i) place = place + x[i] * Place{axes_[0][i], axes_[1][i]};
  return place;
}

Place MapView::place(std::span<const float> latent) const { return project(latent); }

Place MapView::place_of_image(std::span<const float> image, const Shape& shape) const {
  return project(io::shrunk_image(image, shape));
}

std::optional<uint32_t> MapView::sample_of(std::span<const float> latent) const {
  for (uint32_t i = 0; i < firsts_.size(); ++i) {
    if (firsts_[i] == latent[0] && std::ranges::equal(this->latent(i), latent)) return i;
  }
  return std::nullopt;
}

uint32_t MapView::nearest(Place place) const {
  const auto found = std::ranges::min_element(
      places_, {}, [&](Place each) { return squared_distance(each, place); });
  return static_cast<uint32_t>(found - places_.begin());
}

uint32_t MapView::neighbour(uint32_t from, uint32_t direction) const {
  const Place ahead = arrow(direction);
  uint32_t best = from;
  float least = INFINITY;
  for (uint32_t i = 0; i < places_.size(); ++i) {
    const Place apart = places_[i] - places_[from];
    const float along = apart.x * ahead.x + apart.y * ahead.y;
    const float distance = squared_distance(places_[i], places_[from]);
    if (along <= 0 || 2 * along * along < distance || distance >= least) continue;
    best = i;
    least = distance;
  }
  return best;
}

std::vector<float> MapView::latent(uint32_t point) const {
  if (!map_.has_latents()) return models::normal_latents(io::kMapSeed, point, 1, latent_size_);
  std::vector<float> latent = map_.mean;
  const size_t kept = map_.numbers.size();
  for (size_t i = 0; i < kept; ++i) latent[map_.numbers[i]] = map_.latents[point * kept + i];
  return latent;
}

std::vector<float> MapView::latent_at(Place place) const {
  std::vector<float> latent = this->latent(nearest(place));
  if (map_.has_latents()) move(latent, place);
  return latent;
}

void MapView::move(std::span<float> latent, Place place) const {
  const Place by = place - this->place(latent);
  for (size_t i = 0; i < latent.size(); ++i) latent[i] += by.x * axes_[0][i] + by.y * axes_[1][i];
}

std::array<float, 3> MapView::spread(std::span<const float> log_variances) const {
  std::array<float, 3> spread{};
  for (size_t i = 0; i < log_variances.size(); ++i) {
    const float variance = std::exp(log_variances[i]), x = axes_[0][i], y = axes_[1][i];
    spread[0] += variance * x * x;
    spread[1] += variance * y * y;
    spread[2] += variance * x * y;
  }
  return spread;
}

}  // namespace pumice::web
