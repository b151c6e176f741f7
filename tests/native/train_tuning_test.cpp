#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/io/checkpoint.h"
#include "tests/support/contains.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using test::content_of;
using test::ProgramResult;
using Texts = test::Program::Texts;

/// Data, a recipe with a convolution, and a cache of its own.
class TrainTuning : public testing::Test {
 protected:
  TrainTuning() {
    test::write_tiny_mnist(data_, 64, 20);
    const std::string first = "layers = [ ";
    std::string recipe = test::kTinyRecipe;
    recipe.insert(recipe.find(first) + first.size(),
                  "{ type = \"conv2d\", out = 8, kernel = 4, stride = 2 }, ");
    folder_.file("tiny.toml", recipe);
  }

  ProgramResult run(Texts arguments) const {
    arguments.insert(arguments.end(), {"--data", data_.path(), "--device", "cpu"});
    return test::run_program(arguments, {"XDG_CACHE_HOME=" + (folder_ / "cache").string()});
  }
  ProgramResult train(const std::string& name, Texts more) const {
    more.insert(more.begin(), {"train", folder_ / "tiny.toml", "--out", folder_ / name});
    return run(more);
  }
  ProgramResult resume(const std::string& name, Texts more) const {
    more.insert(more.begin(), {"train", "--resume", folder_ / name, "--epochs"});
    return run(more);
  }
  std::string file_of(const std::string& name) const {
    return folder_ / name / "checkpoint.safetensors";
  }
  std::string choices_of(const std::string& name) const {
    return io::Checkpoint::read(file_of(name)).training().tuning;
  }
  void forget_choices() const { std::filesystem::remove_all(folder_ / "cache"); }

  /// Puts another choice than was measured, or the rule's, into the cache.
  void split_weight_gradients_in_two() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "cache/pumice")) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with("tuning-") || !name.ends_with(".json")) continue;
      nlohmann::json json = nlohmann::json::parse(content_of(entry.path()));
      for (const auto& item : json["choices"].items()) {
        if (item.key().starts_with("conv weights ")) item.value()[1] = 2;
      }
      std::ofstream(entry.path()) << json;
    }
  }

  test::TemporaryFolder data_;
  test::TemporaryFolder folder_;
};

TEST_F(TrainTuning, RemembersAndNamesTheKernelsThatItMeasured) {
  const ProgramResult first = train("a", {"--tune", "auto", "--epochs", "1"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_TRUE(first.err.starts_with("pumice: tuning ")) << first.err;
  EXPECT_EQ(train("b", {"--tune", "auto", "--epochs", "1"}).err, "");
  EXPECT_EQ(content_of(file_of("a")), content_of(file_of("b")));
  EXPECT_TRUE(test::contains(choices_of("a"), "\"conv weights ")) << choices_of("a");
}

TEST_F(TrainTuning, ResumesWithTheKernelsOfTheCheckpoint) {
  ASSERT_EQ(train("first", {"--tune", "auto", "--epochs", "1"}).exit_code, 0);
  split_weight_gradients_in_two();
  EXPECT_EQ(train("whole", {"--tune", "auto"}).err, "");
  EXPECT_EQ(train("parts", {"--tune", "auto", "--epochs", "1"}).err, "");
  forget_choices();
  EXPECT_EQ(resume("parts", {"2"}).err, "");
  EXPECT_EQ(content_of(file_of("parts")), content_of(file_of("whole")));
  EXPECT_TRUE(test::contains(choices_of("parts"), "[\"panels\",2]")) << choices_of("parts");

  EXPECT_TRUE(resume("parts", {"3", "--tune", "off"})
                  .err.starts_with("pumice: the run was trained with other choices of kernels"));
  EXPECT_EQ(choices_of("parts"), "");
}

TEST_F(TrainTuning, FollowsRulesOnTheCpuUnlessAsked) {
  EXPECT_EQ(train("run", {"--epochs", "1"}).err, "");
  EXPECT_EQ(choices_of("run"), "");
  const ProgramResult wrong = train("other", {"--tune", "on"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_TRUE(wrong.err.starts_with("pumice: --tune: ")) << wrong.err;
}

}  // namespace
}  // namespace pumice
