#pragma once

#include <memory>

#include "engine/train/device_dataset.h"

namespace pumice::train {

/// Training and test images in device memory. Copies share them, so that several trainers on one
/// device need the memory once.
struct Datasets {
  /// Uploads both. Throws Error as DeviceDataset does.
  Datasets(hal::Device& device, const data::ImageSet& train_images,
           const data::ImageSet& test_images)
      : train(std::make_shared<DeviceDataset>(device, train_images, "train")),
        test(std::make_shared<DeviceDataset>(device, test_images, "test")) {}

  std::shared_ptr<const DeviceDataset> train;
  std::shared_ptr<const DeviceDataset> test;
};

}  // namespace pumice::train
