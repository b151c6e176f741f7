#pragma once

#include "engine/models/classifier/classifier.h"
#include "engine/models/model.h"

namespace pumice::models {

class ClassifierModel : public Model {
 public:
  ClassifierModel(const ClassifierDescription& description, const ModelOptions& options);

  const Classifier& classifier() const { return classifier_; }
  const nn::Parameters& classifier_parameters() const { return classifier_parameters_; }

  std::vector<const nn::Network*> networks() const override { return {&classifier_.network()}; }

 private:
  nn::Parameters classifier_parameters_;
  Classifier classifier_;
};

}  // namespace pumice::models
