#include "engine/models/classifier/classifier.h"

namespace pumice::models {

Classifier::Classifier(nn::Parameters& parameters, const ClassifierDescription& description,
                       nn::Initialization initialization)
    : description_(description),
      network_(parameters, "classifier", description.picture, description.layers, initialization) {
  network_.require_output(description.classes, "a logit for each class");
}

Tensor Classifier::logits(const Tensor& pictures, const nn::Pass& pass) const {
  return ops::reshape(network_(pictures, pass), {pictures.shape()[0], description_.classes});
}

Tensor Classifier::classify(const Tensor& pictures) const { return ops::softmax(logits(pictures)); }

Tensor Classifier::features(const Tensor& pictures) const {
  const Tensor features = network_.run(pictures, 0, network_.rows().size() - 1);
  return ops::reshape(features, {pictures.shape()[0], feature_size()});
}

Tensor Classifier::classify_features(const Tensor& features) const {
  const size_t layers = network_.rows().size();
  const Tensor logits = network_.run(features, layers - 1, layers);
  return ops::softmax(ops::reshape(logits, {features.shape()[0], description_.classes}));
}

uint32_t Classifier::feature_size() const {
  const std::vector<nn::Network::Row>& rows = network_.rows();
  const Shape& shape = rows.size() > 1 ? rows[rows.size() - 2].output : network_.input();
  return static_cast<uint32_t>(shape.size());
}

}  // namespace pumice::models
