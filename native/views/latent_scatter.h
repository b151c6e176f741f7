#pragma once

#include <span>
#include <vector>

#include "engine/data/image_set.h"
#include "engine/models/inference.h"
#include "native/formats/canvas.h"

namespace pumice::views {

/// Points of a latent space, seen in a plane.
struct LatentPlane {
  std::vector<formats::Point> points;
  double reach = 1;  ///< what is to be seen lies within -reach … reach
};

/// Means [N, size] of two numbers as they are, of more in the plane of their two principal
/// components (Pearson, 1901), about the mean of all. Throws Error for fewer than two.
LatentPlane latent_plane(std::span<const float> means, uint32_t size);

/// Where the encoder puts pictures in that plane, coloured by their labels.
formats::Picture scatter_picture(models::Inference& inference, const data::ImageSet& images);

}  // namespace pumice::views
