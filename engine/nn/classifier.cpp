#include "engine/nn/classifier.h"

namespace pumice::nn {

Classifier::Classifier(Parameters& parameters, const ClassifierDescription& description,
                       Initialization initialization)
    : description_(description),
      network_(parameters, "classifier", description.picture, description.layers, initialization) {
  network_.require_output(description.classes, "a logit for each class");
}

Tensor Classifier::logits(const Tensor& pictures, const Pass& pass) const {
  return ops::reshape(network_(pictures, pass), {pictures.shape()[0], description_.classes});
}

Tensor Classifier::classify(const Tensor& pictures) const { return ops::softmax(logits(pictures)); }

}  // namespace pumice::nn
