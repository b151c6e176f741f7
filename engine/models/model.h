#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/models/decoding.h"
#include "engine/models/description.h"
#include "engine/models/family.h"
#include "engine/nn/network.h"

namespace pumice::models {

/// A named set of parameters; tensor names are `prefix` + the parameter's name.
struct ParameterSet {
  std::string prefix;
  nn::Parameters* parameters;
};

/// A model of any family with its parameters, created by Description::build(). Cannot be moved,
/// because its parts point to each other.
class Model {
 public:
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  void allocate(hal::Device& device);
  /// Initializes from one seed: the same numbers on every device. An average of weights starts at
  /// the first training step.
  void initialize(hal::Device& device, uint64_t seed) const;

  const Description& description() const { return description_; }
  const Family& family() const { return description_.family(); }
  /// In the order of tables: for example encoder, decoder.
  virtual std::vector<const nn::Network*> networks() const = 0;
  /// All sets of parameters; an average of weights comes last, with the prefix "average.".
  const std::vector<ParameterSet>& parameters() const { return parameters_; }
  uint64_t parameter_count() const;  ///< trainable parameters of the networks

  /// A model made for decoding alone cannot, whatever its family.
  virtual bool can_encode() const { return family().encodes; }
  bool can_decode() const { return family().draws; }
  /// Throw Error naming the family if the model cannot.
  void require_encoder() const;
  void require_decoder() const;

  /// images [B, height·width·channels] → moments [B, 2z], if the model can encode. `labels`: u32
  /// [B] if the model is conditional.
  virtual Tensor encode(const Tensor& images, const Tensor& labels = {}) const;
  /// One pass from latents to images, if the family generates images, by one of the programs in
  /// decode_passes().
  virtual Decoded decode(uint32_t program, const DecodeInput& input) const;
  /// The passes of one decode with these values of the family's sampling options.
  virtual std::vector<DecodePass> decode_passes(std::span<const double> options) const;

  /// The model as its family's type; null if it is of another family.
  template <typename FamilyModel>
  const FamilyModel* as() const {
    return dynamic_cast<const FamilyModel*>(this);
  }

 protected:
  explicit Model(Description description) : description_(std::move(description)) {}
  /// Sets are initialized and saved in the order of these calls; `parameters` must be a member of
  /// the model.
  void add_parameters(std::string prefix, nn::Parameters& parameters);

 private:
  Description description_;
  std::vector<ParameterSet> parameters_;
};

/// For a row of families(): implements Family::build.
template <typename Networks, typename FamilyModel>
std::unique_ptr<Model> built(const Description& description, const ModelOptions& options) {
  return std::make_unique<FamilyModel>(*description.as<Networks>(), options);
}

}  // namespace pumice::models
