#include "web/state/influence.h"

#include <algorithm>
#include <numeric>

#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr uint32_t kBatch = 16;
constexpr uint64_t kMostPixels =
    1024;  // of the Jacobian; of larger images every n-th number is used
constexpr uint32_t kDirections = 8;
constexpr float kVisible = 0.01f;

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
    take_difference((measured_ - 1) / 2, measured_ % 2 == 1 ? 1 : -1, images.first(size));
  }
}

void Influence::take_difference(uint32_t index, int sign, std::span<const float> image) {
  const size_t step = (image.size() + kMostPixels - 1) / kMostPixels;
  const size_t rows = (image.size() + step - 1) / step;
  jacobian_.resize(rows * latent_size_);
  for (size_t row = 0; row < rows; ++row) {
    jacobian_[row * latent_size_ + index] += 0.5f * static_cast<float>(sign) * image[row * step];
  }
}

void Influence::finish() {
  largest_ = std::ranges::max(changes_);
  std::ranges::stable_sort(order_, std::greater(), [&](uint32_t i) { return changes_[i]; });
  directions_ =
      leading_eigenvectors(gram_matrix(jacobian_, latent_size_), latent_size_, kDirections);
  jacobian_ = {};
  page_wake();
}

size_t Influence::visible_count() const {
  return static_cast<size_t>(
      std::ranges::count_if(order_, [&](uint32_t i) { return relative(i) >= kVisible; }));
}

float Influence::relative(uint32_t index) const {
  return largest_ > 0 ? static_cast<float>(changes_[index] / largest_) : 0;
}

}  // namespace pumice::web
