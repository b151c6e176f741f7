#include "engine/models/classifier/classifier_model.h"
#include "engine/models/classifier/classifier_spec.h"
#include "engine/models/family.h"

namespace pumice::models {

constinit const Family kClassifier{.name = "classifier",
                                   .title = "classifier",
                                   .needs_labels = true,
                                   .description = described<ClassifierDescription>,
                                   .build = built<ClassifierDescription, ClassifierModel>,
                                   .spec = kSpecMaker<ClassifierSpec>};

void ClassifierDescription::describe(nn::LayerFields& fields) {
  fields.whole("classes", classes, 1);
  fields.layers("layers", layers);
}

}  // namespace pumice::models
