#include "engine/io/checkpoint.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace pumice::io {
namespace {

using test::error_of;

/// A small network with parameters 0, 1, 2, … and a state of them doubled.
class CheckpointFile : public testing::Test {
 protected:
  CheckpointFile() {
    content_.network = {
        .picture = {2, 2, 1}, .latent_size = 1, .decoder = {{.type = "linear", .out = 4}}};
    content_.network.encoder = {{.type = "linear", .out = 3, .activation = "relu"},
                                {.type = "linear", .out = 2}};
    nn::Vae vae(layout_, content_.network);
    content_.training = {.recipe = "name = \"x\"\n", .seed = (uint64_t{1} << 63) + 1, .step = 7};
    content_.training.epoch = 1;
    content_.training.figures = {{.epoch = 1, .train = {0.1, 0.2, 0.3}, .test = {1e300, 1, 1e-9}}};
    content_.parameters = flat(1);
    content_.state = {{"optimizer.first_moment", std::nullopt, flat(2)},
                      {"train.history", Shape{1, 4}, std::vector<std::byte>(16)}};
  }

  std::vector<std::byte> flat(float scale) const {
    std::vector<float> values(layout_.flat_bytes() / sizeof(float));
    float next = 0;
    for (const nn::Parameter& parameter : layout_.list()) {
      float* at = values.data() + parameter.byte_offset / sizeof(float);
      for (uint64_t i = 0; i < parameter.shape.size(); ++i) at[i] = scale * next++;
    }
    std::vector<std::byte> bytes(layout_.flat_bytes());
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
  }

  Checkpoint written() const {
    write_checkpoint(file_, layout_, content_);
    return Checkpoint::read(file_);
  }

  /// The message for the file after `change` has had its tensors and metadata.
  std::string refusal(const std::function<void(std::vector<NamedTensor>&, Metadata&)>& change) {
    write_checkpoint(file_, layout_, content_);
    Safetensors good = Safetensors::read(file_);
    std::vector<NamedTensor> tensors = good.tensors();
    Metadata metadata = good.metadata();
    change(tensors, metadata);
    write_safetensors(folder_ / "bad", tensors, metadata);
    std::string message = error_of([&] {
      Checkpoint bad = Checkpoint::read(folder_ / "bad");
      bad.training();
      bad.state("optimizer.first_moment", layout_);
    });
    std::string file = (folder_ / "bad").string() + ": ";
    EXPECT_TRUE(message.starts_with(file)) << message;
    return message.substr(std::min(file.size(), message.size()));
  }

  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "c.safetensors";
  nn::Parameters layout_;
  CheckpointContent content_;
};

TEST_F(CheckpointFile, ComesBackAsItWas) {
  Checkpoint checkpoint = written();
  EXPECT_EQ(checkpoint.network(), content_.network);
  EXPECT_EQ(checkpoint.training(), content_.training);
  EXPECT_EQ(checkpoint.parameters(layout_), content_.parameters);
  EXPECT_EQ(checkpoint.state("optimizer.first_moment", layout_), content_.state[0].bytes);
  EXPECT_EQ(checkpoint.state("train.history", Shape{1, 4}), content_.state[1].bytes);
}

TEST_F(CheckpointFile, HoldsPlainNamedTensors) {
  write_checkpoint(file_, layout_, content_);
  Safetensors file = Safetensors::read(file_);
  EXPECT_EQ(file.tensor("encoder.0.weight").shape, Shape({3, 4}));
  EXPECT_EQ(file.tensor("optimizer.first_moment.decoder.0.bias").shape, Shape({4}));
  float last = 0;
  std::memcpy(&last, file.tensor("encoder.0.weight").bytes.data() + 44, 4);
  EXPECT_EQ(last, 11);
  EXPECT_EQ(file.metadata("parameters"), "31");
  EXPECT_EQ(file.metadata("seed"), "9223372036854775809");
}

TEST_F(CheckpointFile, IsTheSameForTheSameContent) {
  write_checkpoint(file_, layout_, content_);
  write_checkpoint(folder_ / "again", layout_, content_);
  EXPECT_EQ(test::content_of(file_), test::content_of(folder_ / "again"));
}

TEST_F(CheckpointFile, IsRefusedWhenSomethingIsWrong) {
  using Tensors = std::vector<NamedTensor>;
  auto index_of = [](const Tensors& tensors, std::string_view name) {
    size_t i = 0;
    while (tensors[i].name != name) ++i;
    return i;
  };
  EXPECT_EQ(refusal([&](Tensors& tensors, Metadata&) {
              tensors[index_of(tensors, "encoder.0.weight")].shape = Shape({4, 3});
            }),
            "tensor 'encoder.0.weight': expected f32 [3, 4], found f32 [4, 3]");
  EXPECT_EQ(refusal([&](Tensors& tensors, Metadata&) {
              tensors.erase(tensors.begin() + index_of(tensors, "encoder.0.weight"));
            }),
            "has no tensor 'encoder.0.weight'");
  EXPECT_EQ(refusal([&](Tensors& tensors, Metadata&) {
              tensors[index_of(tensors, "encoder.0.bias")].name = "encoder.9.bias";
            }),
            "tensor 'encoder.9.bias' [3] belongs to no layer of the network in its metadata");
  EXPECT_EQ(refusal([&](Tensors& tensors, Metadata&) {
              std::string name = "optimizer.first_moment.decoder.0.bias";
              tensors.erase(tensors.begin() + index_of(tensors, name));
            }),
            "has no tensor 'optimizer.first_moment.decoder.0.bias'");
  EXPECT_EQ(refusal([](Tensors&, Metadata& metadata) { metadata.erase("network"); }),
            "its metadata has no 'network'");
  EXPECT_EQ(refusal([](Tensors&, Metadata& metadata) { metadata["step"] = "seven"; }),
            "metadata 'step': expected a whole number, found 'seven'");
  EXPECT_EQ(refusal([](Tensors&, Metadata& metadata) { metadata["version"] = "2"; }),
            "expected pumice-checkpoint version 1, found pumice-checkpoint 2");
  EXPECT_EQ(refusal([](Tensors&, Metadata& metadata) {
              metadata["figures"] = R"([{"epoch":1,"train":{"loss":1},"test":{}}])";
            }),
            "figures[0]: train: has no 'reconstruction'");
}

}  // namespace
}  // namespace pumice::io
