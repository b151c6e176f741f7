#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/base/cache_folder.h"
#include "engine/io/checkpoint.h"
#include "engine/io/safetensors.h"
#include "engine/models/vae/vae_model.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/folders.h"
#include "tests/support/temporary_folder.h"

namespace pumice::io {
namespace {

using nlohmann::json;

// Where scripts/setup installs the packages of tests/package.json.
std::filesystem::path npm_folder() { return cache_folder() / "npm"; }

std::string output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return output;
}

json read_with_foreign_reader(const std::filesystem::path& file) {
  std::string script = (test::source_folder() / "tests/io/foreign_reader.mjs").string();
  std::string output =
      output_of("node '" + script + "' '" + npm_folder().string() + "' '" + file.string() + "'");
  return json::parse(output, nullptr, false);
}

class ForeignReader : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(npm_folder() / "node_modules/@huggingface/hub")) {
      GTEST_SKIP() << "no @huggingface/hub in " << npm_folder() << "; scripts/test installs it";
    }
  }
};

TEST_F(ForeignReader, ReadsOurFiles) {
  const std::vector<float> weights{1, -2.5, 3, 4, 5, 1e-30f};
  const std::vector<uint32_t> step{4'000'000'000};
  const std::vector<uint8_t> image{0, 128, 255};
  const std::vector<NamedTensor> tensors{
      {"image", ElementType::kU8, Shape({3}), std::as_bytes(std::span(image))},
      {"encoder.0.weight", ElementType::kF32, Shape({2, 3}), std::as_bytes(std::span(weights))},
      {"step", ElementType::kU32, Shape({}), std::as_bytes(std::span(step))}};
  test::TemporaryFolder folder;
  write_safetensors(folder / "model.safetensors", tensors, {{"recipe", "name = \"ünïcode\"\n"}});

  json read = read_with_foreign_reader(folder / "model.safetensors");
  EXPECT_EQ(read["metadata"], (json{{"recipe", "name = \"ünïcode\"\n"}}));
  EXPECT_EQ(read["parameters"]["F32"], 6);
  EXPECT_EQ(read["tensors"]["image"],
            json::parse(R"({"dtype":"U8","shape":[3],"values":[0,128,255]})"));
  EXPECT_EQ(read["tensors"]["step"],
            json::parse(R"({"dtype":"U32","shape":[],"values":[4000000000]})"));
  EXPECT_EQ(read["tensors"]["encoder.0.weight"]["shape"], json::parse("[2,3]"));
  EXPECT_EQ(read["tensors"]["encoder.0.weight"]["values"].get<std::vector<float>>(), weights);
}

TEST_F(ForeignReader, ReadsCheckpoints) {
  const models::VaeDescription network{.image = {2, 1, 1},
                                       .latent_size = 1,
                                       .encoder = {nn::Linear{.out = 2}},
                                       .decoder = {nn::Linear{.out = 2}}};
  const models::VaeModel model(network, {});
  const nn::Parameters& layout = model.vae_parameters();
  const std::vector<float> flat(layout.flat_bytes() / sizeof(float), 0.5f);
  const std::span<const std::byte> bytes = std::as_bytes(std::span(flat));
  CheckpointContent content{.network = network, .training = {}};
  content.parameters = {{.layout = &layout, .bytes = {bytes.begin(), bytes.end()}}};
  content.state = content.parameters;
  content.state[0].name = "optimizer.first_moment";
  test::TemporaryFolder folder;
  write_checkpoint(folder / "checkpoint.safetensors", content);

  json read = read_with_foreign_reader(folder / "checkpoint.safetensors");
  EXPECT_EQ(read["metadata"]["parameters"], "10");
  EXPECT_EQ(json::parse(read["metadata"]["network"].get<std::string>())["picture"],
            json::parse("[2,1,1]"));
  EXPECT_EQ(read["tensors"]["decoder.0.weight"],
            json::parse(R"({"dtype":"F32","shape":[2,1],"values":[0.5,0.5]})"));
  EXPECT_EQ(read["tensors"]["optimizer.first_moment.encoder.0.weight"]["shape"],
            json::parse("[2,2]"));
}

}  // namespace
}  // namespace pumice::io
