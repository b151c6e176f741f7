#include "web/panels/map_marks.h"

#include <algorithm>

#include "web/state/playback.h"

namespace pumice::web {
namespace {

constexpr int kPath = 16;  // points drawn of a path, about

}  // namespace

MapMarks::MapMarks(Workspace& workspace, const MapView& view, bool has_latents)
    : workspace_(workspace), view_(view) {
  if (has_latents) return;
  decoder_ = std::make_unique<Decoder>(workspace, 2 + kPath, Decoder::Purpose::kAside);
}

bool MapMarks::has_path() const {
  return !workspace_.slots[0].latent.empty() && !workspace_.slots[1].latent.empty();
}

// With fewer points from stop to stop if it has several.
Path MapMarks::coarse_path() const {
  Path path = workspace_.path;
  const auto legs = static_cast<int>(path.ending == Ending::kTour ? stops() : stops() - 1);
  path.frames = kPath / legs + 1;
  return path;
}

// The explored latent, then those of the path, or of the only end.
std::vector<float> MapMarks::wanted() const {
  std::vector<float> latents = workspace_.latent;
  const auto& [a, b] = workspace_.slots;
  const std::vector<float> more =
      has_path() ? path_latents(workspace_.stops(), workspace_.latent.size(), coarse_path())
                 : a.latent;
  latents.insert(latents.end(), more.begin(), more.end());
  if (!has_path()) latents.insert(latents.end(), b.latent.begin(), b.latent.end());
  return latents;
}

void MapMarks::request() {
  std::vector<float> latents = wanted();
  if (latents == requested_) return;
  requested_ = latents;
  if (decoder_) return decoder_->request(std::move(latents));
  std::vector<Place> places;
  const std::span<const float> all(requested_);
  for (size_t at = 0; at < all.size(); at += workspace_.latent.size()) {
    places.push_back(view_.place(all.subspan(at, workspace_.latent.size())));
  }
  set(places);
  page_wake();
}

bool MapMarks::poll() {
  if (!decoder_ || !decoder_->poll()) return false;
  const std::span<const float> latents = decoder_->latents();
  if (!std::ranges::equal(latents, requested_)) return false;  // the next are under way
  set(places_of_images());
  return true;
}

// The place of the stop after that of a place on the path; on a tour the first comes after the
// last.
size_t MapMarks::stop_after(size_t place) const {
  const auto frames = static_cast<size_t>(coarse_path().frames - 1);
  const size_t stop = (place - 1) / frames + 1;
  return 1 + stop % stops() * frames;
}

// Samples of the map are where it puts them; for the others their images give an estimate, which is
// shifted along the path so that it passes through its stops.
std::vector<Place> MapMarks::places_of_images() const {
  const Shape& shape = workspace_.network().image;
  const size_t count = decoder_->images().size() / shape.size();
  const size_t size = workspace_.latent.size();
  std::vector<Place> places, shifts;
  for (size_t i = 0; i < count; ++i) {
    places.push_back(
        view_.place_of_image(decoder_->images().subspan(i * shape.size(), shape.size()), shape));
    const auto sample = view_.sample_of(decoder_->latents().subspan(i * size, size));
    shifts.push_back(sample ? view_.places()[*sample] - places[i] : Place{});
  }
  for (size_t i = 0; i < count; ++i) {
    const auto frames = static_cast<size_t>(coarse_path().frames - 1);
    const size_t passed = has_path() && i > 0 ? (i - 1) % frames : 0;
    const float share = static_cast<float>(passed) / static_cast<float>(frames);
    const Place shift =
        passed == 0 ? shifts[i] : (1 - share) * shifts[i - passed] + share * shifts[stop_after(i)];
    places[i] = places[i] + shift;
  }
  return places;
}

void MapMarks::set(const std::vector<Place>& places) {
  explored_ = places[0];
  path_.clear();
  ends_ = {};
  if (has_path()) {
    path_.assign(places.begin() + 1, places.end());
    if (workspace_.path.ending == Ending::kTour) path_.push_back(places[1]);
  }
  if (!workspace_.slots[0].latent.empty()) ends_[0] = places[1];
  const auto frames = static_cast<size_t>(coarse_path().frames - 1);
  const size_t last = has_path() ? 1 + (stops() - 1) * frames : places.size() - 1;
  if (!workspace_.slots[1].latent.empty()) ends_[1] = places[last];
}

}  // namespace pumice::web
