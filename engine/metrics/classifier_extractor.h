#pragma once

#include <memory>

#include "engine/graph/step.h"
#include "engine/metrics/features.h"
#include "engine/models/model.h"

namespace pumice::metrics {

/// A trained classifier as a feature extractor: features are the inputs of its last layer,
/// probabilities the softmax of its outputs. Dropout is off; batch norm uses its running moments.
class ClassifierExtractor : public FeatureExtractor {
 public:
  /// Compiles the network for batches of `batch` images. `device` must outlive this and hold the
  /// model's parameters. Throws Error for a model of another family, and for one whose last layer
  /// is not linear.
  ClassifierExtractor(hal::Device& device, std::unique_ptr<const models::Model> model,
                      std::string name, uint32_t batch = 200);

  const std::string& name() const override { return name_; }
  uint32_t size() const override { return size_; }
  uint32_t classes() const override { return classes_; }
  /// [height, width, channels], the only size of images it accepts.
  const Shape& image() const { return model_->description().image(); }

  Features extract(std::span<const float> images, const Shape& image) override;

 private:
  struct Reads {
    uint32_t count = 0;
    std::unique_ptr<hal::Readback> features;
    std::unique_ptr<hal::Readback> probabilities;
  };

  Reads start(std::span<const float> images);
  void take(Reads& reads, Features& features) const;

  hal::Device& device_;
  std::unique_ptr<const models::Model> model_;
  std::string name_;
  uint32_t batch_;
  uint32_t size_ = 0;
  uint32_t classes_ = 0;
  hal::BufferPtr images_;
  hal::BufferPtr features_;
  hal::BufferPtr probabilities_;
  std::unique_ptr<Step> step_;
};

}  // namespace pumice::metrics
