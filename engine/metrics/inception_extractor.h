#pragma once

#include <memory>

#include "engine/metrics/features.h"
#include "engine/metrics/inception_v3.h"

namespace pumice::metrics {

/// Inception-v3 with trained weights. Accepts images of any size with one channel (repeated to
/// three) or three, and resizes them as clean-fid does: rounded to 8 bits, as images in files
/// are, then resize_bicubic() to 299 x 299 and clipped to 0 … 255. `device` must outlive it. Throws
/// Error as `source` does, and if the device has too little memory.
std::unique_ptr<FeatureExtractor> inception_v3_extractor(hal::Device& device,
                                                         InceptionVariant variant,
                                                         const WeightSource& source);

/// Images [N, height·width·channels], 0 … 1 → the network's input, [N, 299·299·3], -1 … 1. Throws
/// Error unless the images have one or three channels.
std::vector<float> inception_images(std::span<const float> images, const Shape& image);

}  // namespace pumice::metrics
