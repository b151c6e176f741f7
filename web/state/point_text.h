#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pumice::web {

/// A point of the latent space as a short text for an address: see permalink.h.
std::string point_to_text(std::span<const float> point);
/// Reads as many numbers as possible.
std::vector<float> point_from_text(std::string_view text);

}  // namespace pumice::web
