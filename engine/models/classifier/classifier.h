#pragma once

#include "engine/models/description.h"
#include "engine/nn/network.h"

namespace pumice::models {

extern const Family kClassifier;  ///< a row of families()

struct ClassifierDescription {
  Shape image;  ///< [height, width, channels]
  uint32_t classes = 0;
  std::vector<nn::Layer> layers;  ///< an image → one logit per class

  /// Visits the keys of a checkpoint's JSON that follow the image.
  void describe(nn::LayerFields& fields);
  static const Family& family() { return kClassifier; }
  bool operator==(const ClassifierDescription&) const = default;
};

/// Predicts the class of an image. B images are [B, height·width·channels], 0 … 1.
class Classifier {
 public:
  /// Declares the parameters "classifier.0.weight", …. Throws Error if the number of outputs of the
  /// last layer is not `classes`.
  Classifier(nn::Parameters& parameters, const ClassifierDescription& description,
             nn::Initialization initialization = nn::Initialization::kFanIn);

  /// images → logits [B, classes].
  Tensor logits(const Tensor& images, const nn::ForwardContext& pass = {}) const;
  /// images → probabilities [B, classes].
  Tensor classify(const Tensor& images) const;

  /// images → the inputs of the last layer, [B, feature_size()], as features for metrics.
  Tensor features(const Tensor& images) const;
  /// features → probabilities [B, classes].
  Tensor classify_features(const Tensor& features) const;
  uint32_t feature_size() const;

  const ClassifierDescription& description() const { return description_; }
  const nn::Network& network() const { return network_; }

 private:
  ClassifierDescription description_;
  nn::Network network_;
};

}  // namespace pumice::models
