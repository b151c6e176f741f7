#pragma once

#include <span>
#include <vector>

#include "engine/data/image_set.h"
#include "engine/models/inference.h"
#include "native/formats/canvas.h"

namespace pumice::views {

/// Points of a latent space, projected onto a plane.
struct LatentPlane {
  std::vector<formats::Point> points;
  double reach = 1;  ///< the visible area is -reach … reach
};

/// Means [N, size]: unchanged for size 2, otherwise projected onto their first two principal
/// components (Pearson, 1901), centred. Throws Error for size < 2.
LatentPlane latent_plane(std::span<const float> means, uint32_t size);

/// The encoder's means of images in that plane, coloured by label.
formats::Image scatter_image(models::Inference& inference, const data::ImageSet& images);

}  // namespace pumice::views
