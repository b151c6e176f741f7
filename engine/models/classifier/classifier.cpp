#include "engine/models/classifier/classifier.h"

namespace pumice::models {

Classifier::Classifier(nn::Parameters& parameters, const ClassifierDescription& description,
                       nn::Initialization initialization)
    : description_(description),
      network_(parameters, "classifier", description.image, description.layers, initialization) {
  network_.require_output(description.classes, "a logit for each class");
}

Tensor Classifier::logits(const Tensor& images, const nn::ForwardContext& pass) const {
  return ops::reshape(network_(images, pass), {images.shape()[0], description_.classes});
}

Tensor Classifier::classify(const Tensor& images) const { return ops::softmax(logits(images)); }

Tensor Classifier::features(const Tensor& images) const {
  const Tensor features = network_.run(images, 0, network_.rows().size() - 1);
  return ops::reshape(features, {images.shape()[0], feature_size()});
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
