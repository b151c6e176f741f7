#include "engine/models/classifier/classifier_trainer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/devices.h"
#include "tests/train/bars.h"
#include "tests/train/trainer_checks.h"

namespace pumice::test {
namespace {

class ClassifierTraining {
 public:
  explicit ClassifierTraining(hal::Device& device, double learning_rate = 1e-2, uint32_t crop = 0)
      : classifier_(parameters_,
                    {.image = {7, 9, 1},
                     .classes = kBarClasses,
                     .layers = {nn::Linear{.out = 16}, nn::BatchNorm{.activation = "relu"},
                                nn::Linear{.out = kBarClasses}}}) {
    parameters_.allocate(device, "parameters");
    parameters_.initialize(device, 3);
    models::ClassifierOptions options{.batch = kBatch, .seed = 3};
    options.augmentation = {.flip = true, .crop = crop};
    options.optimizer = {.method = optim::Method::kSgd,
                         .learning_rate = learning_rate,
                         .momentum = 0.9,
                         .nesterov = true};
    trainer_ = std::make_unique<models::ClassifierTrainer>(
        device, classifier_, parameters_, train::Datasets(device, bars(1), bars(2)), options);
  }

  models::ClassifierTrainer& trainer() { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const { return {&parameters_}; }

 private:
  nn::Parameters parameters_;
  models::Classifier classifier_;
  std::unique_ptr<models::ClassifierTrainer> trainer_;
};

DEVICE_TEST(ClassifierTrainer, learns_what_the_labels_say) {
  ClassifierTraining training(device);
  EXPECT_LT(value_of(training.trainer().evaluate(), "accuracy"), 0.5);
  for (int epoch = 0; epoch < 4; ++epoch) training.trainer().run_epoch(keep_going);
  const Metrics metrics = training.trainer().evaluate();
  EXPECT_GT(value_of(metrics, "accuracy"), 0.98);
  EXPECT_LE(value_of(metrics, "accuracy"), 1 + 1e-6);
  EXPECT_LT(value_of(metrics, "loss"), 0.2);
}

DEVICE_TEST(ClassifierTrainer, repeats_and_resumes_to_the_bit) {
  expect_repeats_and_resumes<ClassifierTraining>(device, 7, 9);
}

DEVICE_TEST(ClassifierTrainer, finds_a_weight_that_is_not_a_number) {
  ClassifierTraining training(device);
  expect_finds_nan(device, training, *training.parameters()[0]);
}

DEVICE_TEST_WITH_NULL(ClassifierTrainer, refuses_to_move_images_out_of_sight) {
  EXPECT_EQ(error_of([&] { ClassifierTraining(device, 1e-2, 7); }),
            "classifier: expects a crop smaller than the images of [7, 9, 1], got 7");
  EXPECT_EQ(error_of([&] { ClassifierTraining(device, 1e-2, 6); }), "(no error)");
}

DEVICE_TEST(ClassifierTrainer, names_the_first_tensor_that_is_not_finite) {
  ClassifierTraining training(device, 1e38);
  expect_explains(device, training, "loss");
}

}  // namespace
}  // namespace pumice::test
