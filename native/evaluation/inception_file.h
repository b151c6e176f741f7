#pragma once

#include <filesystem>
#include <memory>

#include "engine/hal/device.h"
#include "engine/metrics/features.h"

namespace pumice {

/// Inception-v3 with the weights of a file that scripts/convert_inception.py wrote: safetensors
/// with torchvision's names and the metadata "format" and "variant". `device` must outlive it.
/// Throws Error if the file holds another network.
std::unique_ptr<metrics::FeatureExtractor> open_inception(hal::Device& device,
                                                          const std::filesystem::path& file);

/// Throws Error if the file's metadata names another network.
void require_inception(const std::filesystem::path& file);

}  // namespace pumice
