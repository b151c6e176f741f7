// Runs of the smallest and of unusual sizes, from training to what is made of the model.
#include <gtest/gtest.h>

#include "tests/support/contains.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using test::ProgramResult;
using test::TemporaryFolder;
using Texts = test::Program::Texts;

class TrainSizes : public testing::Test {
 protected:
  ProgramResult train(const std::string& recipe, const Texts& more) const {
    Texts words{"train",    recipe, "--data",   data_.path(), "--out",  run_,
                "--epochs", "1",    "--device", "cpu",        "--force"};
    words.insert(words.end(), more.begin(), more.end());
    return test::run_program(words);
  }
  void expect_works(const std::string& recipe, const Texts& more) const {
    const ProgramResult result = train(recipe, more);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    for (const Texts& command :
         {Texts{"sample", run_, "--count", "1", "--out", folder_ / "out.png"},
          Texts{"interpolate", run_, "--out", folder_ / "out.png"}, Texts{"report", run_}}) {
      const ProgramResult made = test::run_program(command);
      EXPECT_EQ(made.exit_code, 0) << command[0] << ": " << made.err;
    }
  }

  TemporaryFolder data_;
  TemporaryFolder folder_;
  std::string run_ = folder_ / "run";
  std::string recipe_ = folder_.file("tiny.toml", test::kTinyRecipe);
  std::string gan_ = folder_.file("gan.toml", test::kTinyGan);
};

TEST_F(TrainSizes, OneImageIsEnough) {
  test::write_tiny_mnist(data_, 1, 1);
  expect_works(recipe_, {"--batch", "1"});
  const ProgramResult result = train(gan_, {"--batch", "1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(test::contains(result.err, "(batch_norm): expects at least 2 values per channel"));
}

TEST_F(TrainSizes, OneClassIsEnough) {
  test::write_tiny_mnist(data_, 20, 5);
  data_.file("train-labels-idx1-ubyte", test::idx_file({20}, std::string(20, '\0')));
  data_.file("t10k-labels-idx1-ubyte", test::idx_file({5}, std::string(5, '\0')));
  expect_works(gan_, {"--batch", "4"});
}

TEST_F(TrainSizes, LatentsMayBeSmallAndLarge) {
  test::write_tiny_mnist(data_, 20, 5);
  for (const char* size : {"latent.size=1", "latent.size=4096"}) {
    expect_works(recipe_, {"--batch", "4", "--set", size});
  }
}

TEST_F(TrainSizes, ABatchMustNotExceedTheData) {
  test::write_tiny_mnist(data_, 20, 5);
  const ProgramResult result = train(recipe_, {"--batch", "21"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "pumice: train: expects a batch of 1 … 20 images (all of " +
                            data_.path().string() + "), got 21\n");
  EXPECT_FALSE(std::filesystem::exists(run_));
}

}  // namespace
}  // namespace pumice
