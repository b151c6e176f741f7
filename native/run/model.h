#pragma once

#include <filesystem>
#include <memory>

#include "engine/io/checkpoint.h"
#include "engine/nn/vae_inference.h"

namespace pumice {

/// A VAE with its parameters on a device, ready to train or to run. Its parts point to each other,
/// so it stays where it is.
class Model {
 public:
  /// The parameters are zeros until initialize() or load(). `device` must outlive this.
  Model(hal::Device& device, const nn::VaeDescription& description);
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  void initialize(uint64_t seed) { parameters_.initialize(device_, seed); }
  /// Throws Error as Checkpoint::parameters does.
  void load(const io::Checkpoint& checkpoint);

  const nn::Vae& vae() const { return vae_; }
  const nn::VaeDescription& description() const { return vae_.description(); }
  const nn::Parameters& parameters() const { return parameters_; }
  nn::VaeInference& inference() { return inference_; }

 private:
  /// Ten by ten pictures: what a run draws after every epoch.
  static constexpr uint32_t kInferenceBatch = 100;

  hal::Device& device_;
  nn::Parameters parameters_;
  nn::Vae vae_;
  nn::VaeInference inference_;
};

/// The checkpoint that RUN on a command line means: a run's folder or the file itself.
std::filesystem::path checkpoint_of(const std::filesystem::path& run);

}  // namespace pumice
