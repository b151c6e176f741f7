#pragma once

#include <optional>
#include <variant>

#include "engine/nn/classifier.h"
#include "engine/nn/gan.h"
#include "engine/nn/vae.h"

namespace pumice::nn {

/// What a checkpoint says of its model, and a recipe of the one to train.
using Description = std::variant<VaeDescription, GanDescription, ClassifierDescription>;

/// "vae", "gan" or "classifier".
std::string_view kind_of(const Description& description);
const Shape& picture_of(const Description& description);  ///< [height, width, channels]
uint32_t latent_size_of(const Description& description);  ///< 0 for a classifier
/// What a classifier tells apart and a conditional model is told; 0 for others.
uint32_t classes_of(const Description& description);

/// Parameters of a model: their tensors are called `prefix` + the parameter's name.
struct ParameterSet {
  std::string prefix;
  Parameters* parameters;
};

struct VaeModel {
  VaeModel(const VaeDescription& description, Initialization initialization)
      : vae(parameters, description, initialization) {}
  Parameters parameters;
  Vae vae;
};

struct GanModel {
  GanModel(const GanDescription& description, Initialization initialization)
      : gan(generator, discriminator, description, initialization) {}
  Parameters generator;
  Parameters discriminator;
  Gan gan;
};

struct ClassifierModel {
  ClassifierModel(const ClassifierDescription& description, Initialization initialization)
      : classifier(parameters, description, initialization) {}
  Parameters parameters;
  Classifier classifier;
};

/// A model of any kind with its parameters, built from its description. Its parts point to each
/// other, so it stays where it is.
class Model {
 public:
  struct Options {
    Initialization initialization = Initialization::kFanIn;
    /// A GAN keeps an average of its generator's weights, and draws pictures with that.
    bool average = false;
  };

  /// Throws Error naming the layer that does not fit.
  explicit Model(const Description& description) : Model(description, Options{}) {}
  Model(const Description& description, const Options& options);
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  void allocate(hal::Device& device);
  /// From one seed: the same numbers on every device. The average begins with the first step.
  void initialize(hal::Device& device, uint64_t seed) const;

  const Description& description() const { return description_; }
  /// Encoder and decoder, generator and discriminator, or the classifier alone.
  std::vector<const Network*> networks() const;
  /// Every set of parameters; the average of a generator comes last, as "average.".
  const std::vector<ParameterSet>& parameters() const { return parameters_; }
  uint64_t parameter_count() const;  ///< trainable numbers of the networks

  bool can_encode() const { return vae_.has_value(); }
  bool can_decode() const { return vae_.has_value() || gan_.has_value(); }
  /// Throw Error, saying what the model is, where it cannot.
  void require_encoder() const;
  void require_decoder() const;
  /// pictures [B, height·width·channels] → moments [B, 2z]; latents [B, z] → pictures, 0 … 1.
  /// `labels`: u32 [B] where the model is conditional.
  Tensor encode(const Tensor& pictures, const Tensor& labels = {}) const;
  Tensor decode(const Tensor& latents, const Tensor& labels = {}) const;

  /// The parts that trainers take; of other kinds than the model's absent.
  const std::optional<VaeModel>& vae() const { return vae_; }
  const std::optional<GanModel>& gan() const { return gan_; }
  const std::optional<ClassifierModel>& classifier() const { return classifier_; }
  /// The generator's average, laid out like it, or null.
  const Parameters* average() const { return average_ ? &average_->generator : nullptr; }

 private:
  void build(const VaeDescription& description, const Options& options);
  void build(const GanDescription& description, const Options& options);
  void build(const ClassifierDescription& description, const Options& options);

  Description description_;
  std::optional<VaeModel> vae_;
  std::optional<GanModel> gan_;
  std::optional<GanModel> average_;  ///< only its generator has memory
  std::optional<ClassifierModel> classifier_;
  std::vector<ParameterSet> parameters_;
};

}  // namespace pumice::nn
