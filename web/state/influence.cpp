#include "web/state/influence.h"

#include <algorithm>
#include <numeric>

#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr uint32_t kBatch = 16;
constexpr uint32_t kMostMeasured = 512;

}  // namespace

Influence::Influence(Workspace& workspace)
    : workspace_(workspace),
      latent_size_(workspace.network().latent_size),
      changes_(latent_size_),
      order_(latent_size_) {
  std::iota(order_.begin(), order_.end(), 0u);
}

void Influence::request() {
  if (decoder_ || workspace_.device_is_lost || latent_size_ > kMostMeasured) return;
  decoder_ = std::make_unique<Decoder>(workspace_,
                                       std::min({kBatch, point_count(), workspace_.most_images()}),
                                       Decoder::Purpose::kAside);
  request_next();
}

void Influence::request_next() {
  const uint32_t count = std::min(decoder_->batch(), point_count() - measured_);
  std::vector<float> latents(size_t{count} * latent_size_);
  for (uint32_t row = 0; row < count; ++row) {
    uint32_t point = measured_ + row;
    if (point == 0) continue;
    latents[size_t{row} * latent_size_ + (point - 1) / 2] = point % 2 == 1 ? 1 : -1;
  }
  decoder_->request(std::move(latents));
}

bool Influence::poll() {
  if (!decoder_ || !decoder_->poll()) return false;
  take(decoder_->images());
  if (measured_ < point_count()) {
    request_next();
    return false;
  }
  finish();
  return true;
}

void Influence::take(std::span<const float> images) {
  const uint64_t size = workspace_.network().image.size();
  for (; !images.empty(); images = images.subspan(size), ++measured_) {
    if (measured_ == 0) {
      middle_.assign(images.begin(), images.begin() + static_cast<ptrdiff_t>(size));
      continue;
    }
    double sum = 0;
    for (uint64_t i = 0; i < size; ++i) {
      double difference = images[i] - middle_[i];
      sum += difference * difference;
    }
    changes_[(measured_ - 1) / 2] += sum / static_cast<double>(2 * size);
  }
}

void Influence::finish() {
  largest_ = std::ranges::max(changes_);
  std::ranges::stable_sort(order_, std::greater(), [&](uint32_t i) { return changes_[i]; });
  page_wake();
}

float Influence::relative(uint32_t index) const {
  return largest_ > 0 ? static_cast<float>(changes_[index] / largest_) : 0;
}

}  // namespace pumice::web
