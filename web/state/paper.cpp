#include "web/state/paper.h"

#include <algorithm>
#include <cmath>

namespace pumice::web {

void Paper::paint(float column, float row, float radius, bool erases) {
  const uint32_t channels = image_[2];
  for (size_t i = 0; i < values_.size(); ++i) {
    const size_t pixel = i / channels;
    const size_t above = pixel / image_[1];  // rows
    const float x = static_cast<float>(pixel % image_[1]) + 0.5f - column;
    const float y = static_cast<float>(above) + 0.5f - row;
    const float covered = std::clamp(radius + 0.5f - std::hypot(x, y), 0.0f, 1.0f);
    values_[i] = erases ? std::min(values_[i], 1 - covered) : std::max(values_[i], covered);
  }
}

void Paper::invert() {
  for (float& value : values_) value = 1 - value;
  end_stroke();
}

void Paper::set(std::vector<float> values) {
  values_ = std::move(values);
  end_stroke();
}

bool Paper::is_blank() const {
  return std::ranges::all_of(values_, [](float value) { return value == 0; });
}

double root_mean_square(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return a.empty() ? 0 : std::sqrt(sum / static_cast<double>(a.size()));
}

}  // namespace pumice::web
