#include "engine/io/checkpoint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <tuple>

#include "engine/models/gan/gan_model.h"
#include "engine/models/vae/vae_model.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/unchecked.h"

namespace pumice::io {
namespace {

using test::error_of;

const models::VaeDescription kVae{
    .image = {2, 2, 1},
    .latent_size = 1,
    .encoder = {nn::Linear{.out = 3, .activation = "relu"}, nn::Linear{.out = 2}},
    .decoder = {nn::Linear{.out = 4}}};

/// scale · (0, 1, 2, …), with zeros in the gaps.
std::vector<std::byte> flat(const nn::Parameters& layout, float scale) {
  std::vector<float> values(layout.flat_bytes() / sizeof(float));
  float next = 0;
  for (const nn::Parameter& parameter : layout.list()) {
    float* at = values.data() + parameter.byte_offset / sizeof(float);
    for (uint64_t i = 0; i < parameter.shape.size(); ++i) at[i] = scale * next++;
  }
  std::vector<std::byte> bytes(layout.flat_bytes());
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// A small network with parameters 0, 1, 2, … and a state that holds their doubles.
class CheckpointFile : public testing::Test {
 protected:
  CheckpointFile() {
    content_.training = {.recipe = "name = \"x\"\n", .seed = (uint64_t{1} << 63) + 1, .step = 7};
    content_.training.epoch = 1;
    content_.training.metrics = {{.epoch = 1,
                                  .train = {{"loss", 0.1}, {"kl", 0.3}},
                                  .test = {{"loss", 1e300}, {"accuracy", 1e-9}}}};
    content_.parameters = {{.layout = &layout_, .bytes = flat(layout_, 1)}};
    content_.state = {
        {.name = "optimizer.first_moment", .layout = &layout_, .bytes = flat(layout_, 2)},
        {.name = "train.history", .shape = {1, 4}, .bytes = std::vector<std::byte>(16)}};
  }

  Checkpoint written() const {
    write_checkpoint(file_, content_);
    return Checkpoint::read(file_);
  }

  /// The message for the file after `change` has edited its tensors and metadata.
  std::string refusal(const std::function<void(std::vector<NamedTensor>&, Metadata&)>& change) {
    write_checkpoint(file_, content_);
    Safetensors good = Safetensors::read(file_);
    std::vector<NamedTensor> tensors = good.tensors();
    Metadata metadata = test::unchecked(good.metadata());
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
  models::VaeModel model_{kVae, {}};
  const nn::Parameters& layout_ = model_.vae_parameters();
  CheckpointContent content_{.network = kVae, .training = {}};
};

TEST_F(CheckpointFile, ReadsWhatItWrote) {
  Checkpoint checkpoint = written();
  EXPECT_EQ(checkpoint.network(), content_.network);
  EXPECT_EQ(checkpoint.training(), content_.training);
  EXPECT_EQ(checkpoint.parameters({"", model_.parameters()[0].parameters}),
            content_.parameters[0].bytes);
  EXPECT_EQ(checkpoint.state("optimizer.first_moment", layout_), content_.state[0].bytes);
  EXPECT_EQ(checkpoint.state("train.history", Shape{1, 4}), content_.state[1].bytes);
}

TEST_F(CheckpointFile, KeepsClassNamesAndData) {
  EXPECT_EQ(written().training().class_names, std::vector<std::string>());
  EXPECT_FALSE(written().training().data);
  content_.training.class_names = {"2", "10", "caf\xc3\xa9", "a \"b\""};
  content_.training.data = DataRecord{.train = 90, .test = 10, .digest = "00ff"};
  EXPECT_EQ(written().training(), content_.training);
  const Safetensors file = Safetensors::read(file_);
  EXPECT_EQ(file.metadata("class_names"), "[\"2\",\"10\",\"caf\xc3\xa9\",\"a \\\"b\\\"\"]");
  EXPECT_EQ(file.metadata("data"), R"({"train":90,"test":10,"digest":"00ff"})");
  content_.training.class_names = {"caf\xe9"};
  EXPECT_EQ(written().training().class_names, std::vector<std::string>{"caf\xef\xbf\xbd"});
  EXPECT_EQ(refusal([](auto&, Metadata& metadata) { metadata["class_names"] = "[1]"; }),
            "class_names: expected an array of strings, found [1]");
  EXPECT_EQ(refusal([](auto&, Metadata& metadata) { metadata["data"] = R"({"train":1})"; }),
            "data: has no 'test'");
}

TEST_F(CheckpointFile, HoldsPlainNamedTensors) {
  write_checkpoint(file_, content_);
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
  write_checkpoint(file_, content_);
  write_checkpoint(folder_ / "again", content_);
  EXPECT_EQ(test::content_of(file_), test::content_of(folder_ / "again"));
}

TEST_F(CheckpointFile, HoldsAChecksum) {
  write_checkpoint(file_, content_);
  const Safetensors file = Safetensors::read(file_);
  EXPECT_EQ(file.metadata("format"), "pt");
  EXPECT_EQ(file.metadata("pumice.format"), "pumice-checkpoint");
  EXPECT_EQ(file.metadata(kChecksum), checksum_of(file.tensors(), file.metadata()));
  Metadata metadata = file.metadata();
  metadata[kChecksum] = "0123456789abcdef";
  write_safetensors(folder_ / "bad", file.tensors(), metadata);
  EXPECT_EQ(error_of([&] { Checkpoint::read(folder_ / "bad"); }),
            (folder_ / "bad").string() + ": damaged: its checksum is " + file.metadata(kChecksum) +
                ", expected 0123456789abcdef");
}

// A byte in the checksum's own key only makes it a key that nobody knows.
TEST_F(CheckpointFile, IsRefusedWithAnyOtherByte) {
  write_checkpoint(file_, content_);
  const std::string good = test::content_of(file_);
  const size_t key = good.find(kChecksum);
  const size_t after = key + std::string_view(kChecksum).size();
  for (size_t i = 0; i < good.size(); ++i) {
    if (i >= key && i < after) continue;
    std::string bad = good;
    bad[i] ^= 1;
    const auto bytes = std::as_bytes(std::span(bad));
    EXPECT_THROW(Checkpoint(Safetensors({bytes.begin(), bytes.end()}, "file")), Error) << i;
  }
}

TEST_F(CheckpointFile, HasAChecksumOfItsContentNotOfItsOrder) {
  write_checkpoint(file_, content_);
  const Safetensors file = Safetensors::read(file_);
  std::vector<NamedTensor> tensors = file.tensors();
  std::ranges::reverse(tensors);
  EXPECT_EQ(checksum_of(tensors, file.metadata()), file.metadata(kChecksum));
  std::swap(tensors[0].name, tensors[1].name);
  EXPECT_NE(checksum_of(tensors, file.metadata()), file.metadata(kChecksum));
}

TEST_F(CheckpointFile, HoldsOnlyFiniteParameters) {
  const std::vector<std::byte> good = content_.parameters[0].bytes;
  for (const auto& [value, name] :
       {std::pair(NAN, "nan"), {INFINITY, "inf"}, {-INFINITY, "-inf"}}) {
    write_checkpoint(file_, content_);
    const std::string before = test::content_of(file_);
    std::memcpy(content_.parameters[0].bytes.data() + 7 * sizeof(float), &value, sizeof(float));
    EXPECT_EQ(error_of([&] { write_checkpoint(file_, content_); }),
              fmt::format("{}: not written: tensor 'encoder.0.weight': expected finite numbers, "
                          "element 7 is {}",
                          file_.string(), name));
    EXPECT_EQ(test::content_of(file_), before);
    content_.parameters[0].bytes = good;
  }
}

TEST_F(CheckpointFile, RefusesStatesThatTrainingCannotResumeFrom) {
  for (const auto& [state, value, what] :
       {std::tuple("first_moment", NAN, "finite numbers, element 1 is nan"),
        {"first_moment", INFINITY, "finite numbers, element 1 is inf"},
        {"second_moment", INFINITY, "finite numbers, element 1 is inf"},
        {"second_moment", -1.f, "numbers >= 0, element 1 is -1"},
        {"square_average", -1.f, "numbers >= 0, element 1 is -1"}}) {
    content_.state[0].name = std::string("optimizer.") + state;
    content_.state[0].bytes = flat(layout_, 2);
    write_checkpoint(file_, content_);
    std::vector<NamedTensor> tensors;
    const Safetensors good = Safetensors::read(file_);
    std::vector<float> bias{0, value, 2, 3};
    const std::string name = content_.state[0].name + ".decoder.0.bias";
    for (NamedTensor tensor : good.tensors()) {
      if (tensor.name == name) tensor.bytes = std::as_bytes(std::span(bias));
      tensors.push_back(tensor);
    }
    write_safetensors(folder_ / "bad", tensors, test::unchecked(good.metadata()));
    const std::string message = ": tensor '" + name + "': expected " + what;
    EXPECT_EQ(
        error_of([&] { Checkpoint::read(folder_ / "bad").state(content_.state[0].name, layout_); }),
        (folder_ / "bad").string() + message);
    for (const nn::Parameter& parameter : layout_.list()) {
      if (parameter.name != "decoder.0.bias") continue;
      std::memcpy(content_.state[0].bytes.data() + parameter.byte_offset, bias.data(), 16);
    }
    EXPECT_EQ(error_of([&] { write_checkpoint(file_, content_); }),
              file_.string() + ": not written" + message);
  }
}

TEST_F(CheckpointFile, KeepsMetricsThatAreNotFinite) {
  const std::vector<float> metrics{NAN, INFINITY, -1, 0};
  std::memcpy(content_.state[1].bytes.data(), metrics.data(), 16);
  EXPECT_EQ(written().state("train.history", Shape{1, 4}), content_.state[1].bytes);
}

// As another program may write it.
TEST_F(CheckpointFile, RefusesParametersThatAreNotFinite) {
  write_checkpoint(file_, content_);
  const Safetensors file = Safetensors::read(file_);
  std::vector<NamedTensor> tensors = file.tensors();
  std::vector<float> bias{0, NAN, 2, 3};
  for (NamedTensor& tensor : tensors) {
    if (tensor.name == "decoder.0.bias") tensor.bytes = std::as_bytes(std::span(bias));
  }
  write_safetensors(folder_ / "bad", tensors, test::unchecked(file.metadata()));
  const Checkpoint bad = Checkpoint::read(folder_ / "bad");
  EXPECT_EQ(error_of([&] {
              bad.parameters({"", model_.parameters()[0].parameters});
            }),
            (folder_ / "bad").string() +
                ": tensor 'decoder.0.bias': expected finite numbers, element 1 is nan");
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
  EXPECT_EQ(
      refusal([&](Tensors& tensors, Metadata&) {
        tensors[index_of(tensors, "encoder.0.bias")].name = "encoder.9.bias";
      }),
      "tensor 'encoder.9.bias' [3] does not belong to a layer of the network in its metadata");
  EXPECT_EQ(refusal([&](Tensors& tensors, Metadata&) {
              std::string name = "optimizer.first_moment.decoder.0.bias";
              tensors.erase(tensors.begin() + index_of(tensors, name));
            }),
            "has no tensor 'optimizer.first_moment.decoder.0.bias'");
  EXPECT_EQ(refusal([](Tensors&, Metadata& metadata) { metadata.erase("network"); }),
            "its metadata has no 'network'");
  EXPECT_EQ(refusal([](Tensors&, Metadata& metadata) { metadata["step"] = "seven"; }),
            "metadata 'step': expected a whole number, found 'seven'");
  EXPECT_EQ(refusal([](Tensors&, Metadata& metadata) { metadata["version"] = "3"; }),
            "a newer version of Pumice wrote this checkpoint: its format is version 3, this "
            "program reads versions up to 2");
  EXPECT_EQ(refusal([](Tensors&, Metadata& metadata) { metadata["version"] = "new"; }),
            "expected pumice-checkpoint version 1 to 2, found pumice-checkpoint new");
  EXPECT_EQ(refusal([](Tensors&, Metadata& metadata) { metadata.erase("pumice.format"); }),
            "expected pumice-checkpoint version 1 to 2, found pt 2");
  EXPECT_EQ(refusal([](Tensors&, Metadata& metadata) {
              metadata["figures"] = R"([{"epoch":1,"train":{"loss":1},"test":{"loss":"low"}}])";
            }),
            "figures[0]: test: loss: expected a number, found \"low\"");
}

/// A GAN with running statistics, an average, and an optimizer for each network.
class GanCheckpointFile : public testing::Test {
 protected:
  GanCheckpointFile() {
    for (const models::ParameterSet& set : model_.parameters()) {
      content_.parameters.push_back(
          {.name = set.prefix, .layout = set.parameters, .bytes = flat(*set.parameters, next_++)});
    }
    for (size_t i = 0; i < 2; ++i) {
      content_.state.push_back({.name = "optimizer.first_moment",
                                .layout = model_.parameters()[i].parameters,
                                .bytes = flat(*model_.parameters()[i].parameters, next_++)});
    }
  }

  static models::GanDescription network() {
    return {.image = {2, 2, 1},
            .latent_size = 3,
            .generator = {nn::Linear{.out = 4}, nn::BatchNorm{.activation = "tanh"}},
            .discriminator = {nn::Linear{.out = 1}}};
  }

  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "c.safetensors";
  models::GanModel model_{network(), {.average = true}};
  CheckpointContent content_{.network = network(), .training = {}};
  float next_ = 1;
};

TEST_F(GanCheckpointFile, HoldsBothNetworksAverageAndMoments) {
  write_checkpoint(file_, content_);
  const Checkpoint checkpoint = Checkpoint::read(file_);
  EXPECT_EQ(checkpoint.network(), content_.network);
  EXPECT_TRUE(checkpoint.has_average());
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(checkpoint.parameters(model_.parameters()[i]), content_.parameters[i].bytes) << i;
  }
  const Safetensors file = Safetensors::read(file_);
  EXPECT_EQ(file.metadata("parameters"), "29");  // trained ones: neither statistics nor the average
  EXPECT_EQ(file.tensor("generator.1.running_mean").shape, Shape({4}));
  EXPECT_EQ(file.tensor("average.generator.1.running_mean").shape, Shape({4}));
  EXPECT_EQ(file.tensor("optimizer.first_moment.discriminator.0.weight").shape, Shape({1, 4}));
  for (const NamedTensor& tensor : file.tensors()) {
    EXPECT_FALSE(tensor.name.starts_with("optimizer.") && tensor.name.ends_with("running_mean"));
  }
}

TEST_F(GanCheckpointFile, GivesStatesOfTrainableParameters) {
  write_checkpoint(file_, content_);
  const nn::Parameters& generator = model_.generator();
  std::vector<std::byte> moments = content_.state[0].bytes;
  moments.resize(generator.trainable_bytes());
  EXPECT_EQ(Checkpoint::read(file_).state("optimizer.first_moment", generator), moments);
}

TEST_F(GanCheckpointFile, IsRefusedWithHalfAnAverage) {
  write_checkpoint(file_, content_);
  const Safetensors good = Safetensors::read(file_);
  std::vector<NamedTensor> tensors = good.tensors();
  std::erase_if(tensors, [](const NamedTensor& t) { return t.name == "average.generator.0.bias"; });
  write_safetensors(folder_ / "bad", tensors, test::unchecked(good.metadata()));
  EXPECT_EQ(error_of([&] { Checkpoint::read(folder_ / "bad"); }),
            (folder_ / "bad").string() + ": has no tensor 'average.generator.0.bias'");
}

}  // namespace
}  // namespace pumice::io
