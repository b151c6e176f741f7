#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using test::content_of;
using test::ProgramResult;
using test::TemporaryFolder;
using Texts = test::Program::Texts;

const std::string kTinyFlow = R"(name = "tiny-flow"
model = "flow"
conditional = true
[data]
name = "mnist"
[train]
epochs = 1
batch = 16
[ema]
decay = 0.5
[velocity]
time_size = 8
layers = [ { type = "linear", out = 16, activation = "silu" } ]
)";

/// Sampling options that a family declares.
class SamplingOptions : public testing::Test {
 protected:
  SamplingOptions() { test::write_tiny_mnist(data_, 64, 20); }

  std::string trained(const std::string& name, const std::string& recipe) const {
    const ProgramResult result =
        test::run_program({"train", folder_.file(name + ".toml", recipe), "--data", data_.path(),
                           "--out", folder_ / name, "--epochs", "1"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return folder_ / name;
  }
  ProgramResult sample(const std::string& run, const Texts& options) const {
    Texts arguments{"sample", run, "--out", folder_ / "samples.png", "--json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return test::run_program(arguments);
  }
  std::string image(const std::string& run, const Texts& options) const {
    const ProgramResult result = sample(run, options);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return content_of(folder_ / "samples.png");
  }

  TemporaryFolder data_;
  TemporaryFolder folder_;
};

TEST_F(SamplingOptions, ChangeWhatIsDrawn) {
  const std::string run = trained("flow", kTinyFlow);
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(run) / "passes.png"));
  const nlohmann::json record = nlohmann::json::parse(sample(run, {"--steps", "3"}).out);
  EXPECT_EQ(record.at("steps"), 3);
  EXPECT_EQ(record.at("order"), 2);
  EXPECT_EQ(record.at("guidance"), 1);
  const std::string usual = image(run, {});
  EXPECT_EQ(image(run, {"--steps", "20", "--order", "2", "--guidance", "1"}), usual);
  EXPECT_NE(image(run, {"--steps", "2"}), usual);
  EXPECT_NE(image(run, {"--order", "1"}), usual);
  EXPECT_NE(image(run, {"--guidance", "3"}), usual);
}

TEST_F(SamplingOptions, AreRefusedOutOfBoundsAndByOtherFamilies) {
  const std::string flow = trained("flow", kTinyFlow);
  EXPECT_EQ(sample(flow, {"--steps", "0"}).err,
            "pumice: steps: expects a whole number from 1 to 1000, got 0\n");
  EXPECT_EQ(sample(flow, {"--guidance", "nan"}).err,
            "pumice: guidance: expects a number from 0 to 20, got nan\n");
  EXPECT_EQ(sample(trained("vae", test::kTinyRecipe), {"--steps", "5"}).err,
            "pumice: --steps: a vae has no such option\n");
  std::string plain = kTinyFlow;
  plain.erase(plain.find("conditional = true\n"), 19);
  EXPECT_EQ(sample(trained("plain", plain), {"--guidance", "2"}).err,
            "pumice: guidance: expects a conditional model, got 2 for one without classes\n");
}

}  // namespace
}  // namespace pumice
