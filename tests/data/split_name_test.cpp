#include "engine/data/split_name.h"

#include <gtest/gtest.h>

#include <string>

namespace pumice::data {
namespace {

TEST(SplitName, KnowsTheNamesThatPeopleUse) {
  for (std::string name : {"train", "Train", "TRAIN", "training", "Training", "training_set",
                           "train-set", "trainset", "train2017", "train_images", "images train"}) {
    EXPECT_EQ(split_name(name), SplitName::kTrain) << name;
  }
  for (std::string name : {"val", "Val", "valid", "Validation", "val2017", "valset"}) {
    EXPECT_EQ(split_name(name), SplitName::kValidation) << name;
  }
  for (std::string name : {"test", "Testing", "TEST", "test1", "test_set", "test.images"}) {
    EXPECT_EQ(split_name(name), SplitName::kTest) << name;
  }
}

TEST(SplitName, KnowsOtherWords) {
  for (std::string name : {"", "1", "set", "images", "trains", "trainer", "training shoes",
                           "train_test", "contest", "value", "latest", "t\xe9st", "steam train"}) {
    EXPECT_EQ(split_name(name), SplitName::kNone) << name;
  }
}

}  // namespace
}  // namespace pumice::data
