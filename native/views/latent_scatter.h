#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/data/image_set.h"
#include "engine/models/inference.h"
#include "native/formats/canvas.h"
#include "native/formats/image.h"

namespace pumice::views {

/// Points of a latent space, projected onto a plane.
struct LatentPlane {
  std::vector<formats::Point> points;
  double reach = 1;  ///< the visible area is -reach … reach
};

/// Means [N, size]: unchanged for size 2, otherwise projected onto their first two principal
/// components (Pearson, 1901), centred. Throws Error for size < 2.
LatentPlane latent_plane(std::span<const float> means, uint32_t size);

/// Encoded images in that plane.
struct LatentScatter {
  LatentPlane plane;
  std::vector<data::Label> labels;       ///< of the points; empty if the images have none
  std::vector<std::string> class_names;  ///< by label; may be empty
  formats::Image thumbnails;             ///< of the first points, row by row without margins
  uint32_t thumbnail_count = 0;
  uint32_t thumbnail_columns = 1;
};

/// The encoder's means of the first images, up to 10,000. Large images have small thumbnails: see
/// io::shrunk_image.
LatentScatter latent_scatter(models::Inference& inference, const data::ImageSet& images);

/// As an image, coloured by label.
formats::Image scatter_image(const LatentScatter& scatter);

}  // namespace pumice::views
