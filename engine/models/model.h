#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/models/decoding.h"
#include "engine/models/description.h"
#include "engine/models/family.h"
#include "engine/nn/network.h"

namespace pumice::models {

/// Parameters of a model: their tensors are called `prefix` + the parameter's name.
struct ParameterSet {
  std::string prefix;
  nn::Parameters* parameters;
};

/// A model of any family with its parameters; Description::build() makes one. Its parts point to
/// each other, so it stays where it is.
class Model {
 public:
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  void allocate(hal::Device& device);
  /// From one seed: the same numbers on every device. An average begins with the first step.
  void initialize(hal::Device& device, uint64_t seed) const;

  const Description& description() const { return description_; }
  const Family& family() const { return description_.family(); }
  /// In the order in which tables show them: encoder and decoder, for instance.
  virtual std::vector<const nn::Network*> networks() const = 0;
  /// Every set of parameters; an average of weights comes last, as "average.".
  const std::vector<ParameterSet>& parameters() const { return parameters_; }
  uint64_t parameter_count() const;  ///< trainable numbers of the networks

  bool can_encode() const { return family().encodes; }
  bool can_decode() const { return family().draws; }
  /// Throw Error, saying what the model is, if it cannot.
  void require_encoder() const;
  void require_decoder() const;

  /// pictures [B, height·width·channels] → moments [B, 2z], if the family encodes. `labels`: u32
  /// [B] if the model is conditional.
  virtual Tensor encode(const Tensor& pictures, const Tensor& labels = {}) const;
  /// One pass from latents to pictures, if the family draws, by one of the programs that
  /// decode_passes() names.
  virtual Decoded decode(uint32_t program, const DecodeInput& input) const;
  /// The passes that one decode takes with these values of the family's sampling options.
  virtual std::vector<DecodePass> decode_passes(std::span<const double> options) const;

  /// The model of one family; null for one of another.
  template <typename FamilyModel>
  const FamilyModel* as() const {
    return dynamic_cast<const FamilyModel*>(this);
  }

 protected:
  explicit Model(Description description) : description_(std::move(description)) {}
  /// In the order in which they are initialized and saved; `parameters` must be a member of the
  /// model.
  void add_parameters(std::string prefix, nn::Parameters& parameters);

 private:
  Description description_;
  std::vector<ParameterSet> parameters_;
};

/// For a row: Family::build of a family's description and model.
template <typename Networks, typename FamilyModel>
std::unique_ptr<Model> built(const Description& description, const ModelOptions& options) {
  return std::make_unique<FamilyModel>(*description.as<Networks>(), options);
}

}  // namespace pumice::models
