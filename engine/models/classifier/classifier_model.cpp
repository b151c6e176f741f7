#include "engine/models/classifier/classifier_model.h"

namespace pumice::models {

ClassifierModel::ClassifierModel(const ClassifierDescription& description,
                                 const ModelOptions& options)
    : Model(description), classifier_(classifier_parameters_, description, options.initialization) {
  add_parameters("", classifier_parameters_);
}

}  // namespace pumice::models
