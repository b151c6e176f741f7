#include "web/state/strips.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr float kVisibleChange = 1e-3f;  // of a latent number
// Of one row's arrival from the next, as far as they cause frames: drawing one may take longer than
// decoding it.
constexpr double kFrameInterval = 100;  // milliseconds

bool are_close(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!(std::abs(a[i] - b[i]) < kVisibleChange)) return false;
  }
  return true;
}

}  // namespace

std::vector<float> Strips::latents_along(const Direction& direction) const {
  std::vector<float> latents;
  for (uint32_t i = 0; i < kImages; ++i) {
    std::vector<float> point = workspace_.latent;
    const float share = (static_cast<float>(i) + 0.5f) / kImages;  // the middle of an image
    set_coordinate(point, direction, (2 * share - 1) * reach_);
    latents.insert(latents.end(), point.begin(), point.end());
  }
  return latents;
}

ImageView& Strips::row(const std::string& dial, const Direction& direction) {
  Row& row = rows_[dial];
  std::vector<float> latents = latents_along(direction);
  row.wanted = are_close(latents, row.latents) ? std::vector<float>{} : std::move(latents);
  drawn_.push_back(dial);
  return row.view;
}

const std::string* Strips::first_outdated() {
  const auto found = std::ranges::find_if(
      drawn_, [&](const std::string& dial) { return !rows_[dial].wanted.empty(); });
  return found == drawn_.end() ? nullptr : &*found;
}

void Strips::request() {
  if (workspace_.device_is_lost || !under_way_.empty()) return;
  const std::string* outdated = first_outdated();
  if (outdated == nullptr) return;
  if (!decoder_)
    decoder_ = std::make_unique<Decoder>(workspace_, kImages, Decoder::Purpose::kAside);
  under_way_ = *outdated;
  decoder_->request(std::exchange(rows_[under_way_].wanted, {}));
}

bool Strips::poll() {
  if (!decoder_ || !decoder_->poll()) return false;
  Row& row = rows_[std::exchange(under_way_, {})];
  row.latents.assign(decoder_->latents().begin(), decoder_->latents().end());
  row.view.set(decoder_->images(), workspace_.network().image, kImages, 0);
  const bool is_last = first_outdated() == nullptr;
  if (is_last || page_now() - shown_ > kFrameInterval) {
    shown_ = page_now();
    page_wake();
  }
  return true;
}

void Strips::clear() {
  rows_.clear();
  drawn_.clear();
  under_way_.clear();
  decoder_.reset();
}

}  // namespace pumice::web
