#include "engine/metrics/class_accuracy.h"

#include <gtest/gtest.h>

#include "tests/metrics/samples.h"
#include "tests/support/errors.h"

namespace pumice::metrics {
namespace {

using Labels = std::vector<uint32_t>;

TEST(ClassAccuracy, IsTheFractionOfExpectedClasses) {
  const Features features = test::normal_features(5, 1, 1);  // of the classes 0, 1, 2, 3, 0
  EXPECT_EQ(class_accuracy(features, Labels{0, 1, 2, 3, 0}), 1);
  EXPECT_EQ(class_accuracy(features, Labels{0, 2, 1, 3, 1}), 0.4);
}

TEST(ClassAccuracy, RefusesWhatDoesNotFit) {
  const Features features = test::normal_features(2, 1, 1);
  EXPECT_EQ(test::error_of([&] { class_accuracy(features, Labels{0}); }),
            "class_accuracy: expects images with probabilities and a label each, got 2 images, 8 "
            "probabilities, 1 labels");
  EXPECT_EQ(test::error_of([&] {
              class_accuracy(features, Labels{0, 4});
            }),
            "class_accuracy: expects labels below 4, got 4");
}

}  // namespace
}  // namespace pumice::metrics
