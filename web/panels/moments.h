#pragma once

#include <imgui.h>

#include <span>

namespace pumice::web {

/// A chart of what the encoder says, [2z]: z means, then z log-variances. A bar is a mean, its line
/// one standard deviation to both sides; the numbers with the largest means, which say most about
/// the image, come first.
void draw_moments(std::span<const float> moments, ImVec2 size);

}  // namespace pumice::web
