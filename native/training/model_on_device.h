#pragma once

#include "engine/io/checkpoint.h"
#include "engine/models/inference.h"

namespace pumice {

/// A model with its parameters on a device, ready for training or inference. Its parts point to
/// each other, so it cannot be moved.
class ModelOnDevice {
 public:
  /// The parameters are zeros until initialize() or load(). `device` must outlive this.
  ModelOnDevice(hal::Device& device, const models::Description& description,
                const models::ModelOptions& options = {});
  ModelOnDevice(const ModelOnDevice&) = delete;
  ModelOnDevice& operator=(const ModelOnDevice&) = delete;

  void initialize(uint64_t seed) { model_->initialize(device_, seed); }
  /// Throws Error as Checkpoint::load does.
  void load(const io::Checkpoint& checkpoint) { checkpoint.load(*model_, device_); }

  const models::Model& model() const { return *model_; }
  const models::Description& description() const { return model_->description(); }
  models::Inference& inference() { return inference_; }

 private:
  /// The ten by ten images that a run draws after every epoch.
  static constexpr uint32_t kInferenceBatch = 100;

  hal::Device& device_;
  std::unique_ptr<models::Model> model_;
  models::Inference inference_;
};

}  // namespace pumice
