#pragma once

#include "engine/models/model.h"
#include "engine/models/vae/vae.h"

namespace pumice::models {

class VaeModel : public Model {
 public:
  VaeModel(const VaeDescription& description, const ModelOptions& options);

  const Vae& vae() const { return vae_; }
  const nn::Parameters& vae_parameters() const { return vae_parameters_; }

  std::vector<const nn::Network*> networks() const override;
  bool can_encode() const override { return has_encoder_; }
  Tensor encode(const Tensor& images, const Tensor& labels = {}) const override;
  Decoded decode(uint32_t program, const DecodeInput& input) const override;

 private:
  bool has_encoder_;
  nn::Parameters vae_parameters_;
  nn::Parameters left_out_;  ///< the encoder's, never allocated, if the model only decodes
  Vae vae_;
};

}  // namespace pumice::models
