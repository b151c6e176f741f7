#include "engine/io/export.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/base/half.h"
#include "engine/models/gan/gan_model.h"
#include "engine/models/vae/vae_model.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/unchecked.h"

namespace pumice::io {
namespace {

using models::Purpose;
using test::error_of;
using Names = std::vector<std::string>;

const models::Description kSmallVae = models::VaeDescription{.image = {2, 2, 1},
                                                             .latent_size = 1,
                                                             .encoder = {nn::Linear{.out = 2}},
                                                             .decoder = {nn::Linear{.out = 4}}};
const models::Description kGan =
    models::GanDescription{.image = {2, 2, 1},
                           .latent_size = 3,
                           .generator = {nn::Linear{.out = 4}, nn::BatchNorm{.activation = "tanh"}},
                           .discriminator = {nn::Linear{.out = 1}}};

/// A checkpoint whose parameters are 0.1, 0.2, … and whose optimizer has a moment for each.
class ExportedFile : public testing::Test {
 protected:
  Checkpoint checkpoint_of(const models::Description& network, bool average = false) {
    const auto model = network.build({.average = average});
    CheckpointContent content{.network = network,
                              .training = {.recipe = "name = \"x\"\n", .step = 7, .epoch = 1}};
    content.training.metrics = {{.epoch = 1, .train = {{"loss", 0.5}}, .test = {}}};
    content.training.class_names = {"a \"exported\":\"b", "c"};
    for (const models::ParameterSet& set : model->parameters()) {
      content.parameters.push_back(
          {.name = set.prefix, .layout = set.parameters, .bytes = numbers(*set.parameters)});
    }
    const nn::Parameters& trained = *model->parameters()[0].parameters;
    content.state = {
        {.name = "optimizer.first_moment", .layout = &trained, .bytes = numbers(trained)},
        {.name = "train.history", .shape = {1, 4}, .bytes = std::vector<std::byte>(16)}};
    write_checkpoint(file_, content);
    return Checkpoint::read(file_);
  }

  std::vector<std::byte> numbers(const nn::Parameters& layout) {
    std::vector<std::byte> bytes(layout.flat_bytes());
    for (const nn::Parameter& parameter : layout.list()) {
      for (uint64_t i = 0; i < parameter.shape.size(); ++i) {
        const float value = next_ += 0.1f;
        std::memcpy(bytes.data() + parameter.byte_offset + i * sizeof(float), &value,
                    sizeof(float));
      }
    }
    return bytes;
  }

  static Names names(const Safetensors& file) {
    Names names;
    for (const NamedTensor& tensor : file.tensors()) names.push_back(tensor.name);
    return names;
  }

  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "c.safetensors";
  std::filesystem::path out_ = folder_ / "out.safetensors";
  float next_ = 0;
};

float first_of(const Safetensors& file, const std::string& name) {
  float value = 0;
  std::memcpy(&value, file.tensor(name).bytes.data(), sizeof(value));
  return value;
}

TEST_F(ExportedFile, HoldsWhatDecodesAndEncodesWithItsMetadata) {
  const Checkpoint whole = checkpoint_of(kSmallVae);
  EXPECT_EQ(write_export(out_, whole, {.half = false}), Names{});
  const Safetensors file = Safetensors::read(out_);
  EXPECT_EQ(names(file),
            (Names{"decoder.0.bias", "decoder.0.weight", "encoder.0.bias", "encoder.0.weight"}));
  Metadata metadata = whole.header().metadata();
  metadata["exported"] = "decode, encode";
  EXPECT_EQ(test::unchecked(file.metadata()), test::unchecked(metadata));
  const Checkpoint exported = Checkpoint::read(out_);
  EXPECT_EQ(exported.training(), whole.training());
  const models::VaeModel model(*kSmallVae.as<models::VaeDescription>(), {});
  EXPECT_EQ(exported.parameters(model.parameters()[0]), whole.parameters(model.parameters()[0]));
}

TEST_F(ExportedFile, LeavesTheEncoderOut) {
  write_export(out_, checkpoint_of(kSmallVae), {.with_encoder = false});
  const Checkpoint exported = Checkpoint::read(out_);
  EXPECT_EQ(names(Safetensors::read(out_)), (Names{"decoder.0.bias", "decoder.0.weight"}));
  EXPECT_EQ(exported.header().metadata("exported"), "decode");
  EXPECT_EQ(exported.inference_options().purpose, Purpose::kDecoding);
  const auto model = exported.network().build(exported.inference_options());
  EXPECT_FALSE(model->can_encode());
  EXPECT_EQ(error_of([&] { model->require_encoder(); }),
            "encode: expects a vae with its encoder, got a vae without one");
}

TEST_F(ExportedFile, OfAnAverageHoldsTheAverageAlone) {
  const Checkpoint whole = checkpoint_of(kGan, true);
  write_export(out_, whole, {.half = false});
  const Safetensors file = Safetensors::read(out_);
  EXPECT_EQ(names(file),
            (Names{"average.generator.0.bias", "average.generator.0.weight",
                   "average.generator.1.running_mean", "average.generator.1.running_variance",
                   "average.generator.1.scale", "average.generator.1.shift"}));
  const Safetensors before = Safetensors::read(file_);
  EXPECT_EQ(first_of(file, "average.generator.0.weight"),
            first_of(before, "average.generator.0.weight"));
  EXPECT_NE(first_of(file, "average.generator.0.weight"), first_of(before, "generator.0.weight"));
  const Checkpoint exported = Checkpoint::read(out_);
  const auto model = kGan.build(exported.inference_options());
  ASSERT_EQ(model->parameters().size(), 1u);
  EXPECT_EQ(exported.parameters(model->parameters()[0]), whole.parameters(model->parameters()[0]));
}

TEST_F(ExportedFile, RoundsWeightsToHalf) {
  const Checkpoint whole = checkpoint_of(kSmallVae);
  write_export(out_, whole, {});
  const Safetensors file = Safetensors::read(out_);
  EXPECT_EQ(file.tensor("decoder.0.weight").dtype, ElementType::kF16);
  EXPECT_EQ(file.tensor("decoder.0.bias").dtype, ElementType::kF32);
  const models::VaeModel model(*kSmallVae.as<models::VaeDescription>(), {});
  const models::ParameterSet& set = model.parameters()[0];
  const std::vector<std::byte> before = whole.parameters(set);
  const std::vector<std::byte> after = Checkpoint::read(out_).parameters(set);
  for (const nn::Parameter& parameter : set.parameters->list()) {
    for (uint64_t i = 0; i < parameter.shape.size(); ++i) {
      float value = 0, read = 0;
      std::memcpy(&value, before.data() + parameter.byte_offset + 4 * i, 4);
      std::memcpy(&read, after.data() + parameter.byte_offset + 4 * i, 4);
      const bool halved = parameter.shape.rank() > 1;
      EXPECT_EQ(read, halved ? from_half(to_half(value)) : value) << parameter.name;
    }
  }
}

TEST_F(ExportedFile, KeepsNumbersThatHalfCannotHold) {
  next_ = 65505;
  EXPECT_EQ(write_export(out_, checkpoint_of(kSmallVae), {}),
            (Names{"decoder.0.weight", "encoder.0.weight"}));
  EXPECT_EQ(Safetensors::read(out_).tensor("decoder.0.weight").dtype, ElementType::kF32);
}

TEST_F(ExportedFile, IsNotExportedAgain) {
  write_export(out_, checkpoint_of(kSmallVae), {});
  EXPECT_EQ(error_of([&] { write_export(file_, Checkpoint::read(out_), {}); }),
            out_.string() + ": expected a run's checkpoint, found one that was exported");
}

// The excerpt of a checkpoint, put together from its file, is the file that export writes in f32,
// apart from the checksum.
TEST_F(ExportedFile, IsPutTogetherFromRanges) {
  for (const auto& [network, average, ranges] :
       {std::tuple(kSmallVae, false, 1u), std::tuple(kGan, false, 1u),
        std::tuple(kGan, true, 1u)}) {
    write_export(out_, checkpoint_of(network, average), {.half = false});
    const Excerpt excerpt = excerpt_of(SafetensorsHeader::read(file_));
    EXPECT_EQ(excerpt.ranges.size(), ranges);
    const std::string whole = test::content_of(file_);
    std::string file = excerpt.header;
    for (const ByteRange& range : excerpt.ranges) {
      file += whole.substr(range.begin, range.end - range.begin);
    }
    const Safetensors exported = Safetensors::read(out_);
    write_safetensors(out_, exported.tensors(), test::unchecked(exported.metadata()));
    EXPECT_EQ(file, test::content_of(out_));
    const SafetensorsHeader again = SafetensorsHeader::read(out_);
    EXPECT_EQ(excerpt_of(again).ranges,
              (std::vector<ByteRange>{{again.data_begin(), file.size()}}));
  }
}

// Another program may write the tensors in another order.
TEST_F(ExportedFile, IsPutTogetherFromScatteredRanges) {
  checkpoint_of(kSmallVae);
  const Safetensors whole = Safetensors::read(file_);
  std::vector<TensorEntry> entries;
  std::string data;
  for (const char* name : {"optimizer.first_moment.decoder.0.bias", "encoder.0.weight",
                           "encoder.0.bias", "optimizer.first_moment.encoder.0.bias",
                           "decoder.0.weight", "train.history", "decoder.0.bias"}) {
    const NamedTensor& tensor = whole.tensor(name);
    entries.push_back(
        {name, tensor.dtype, tensor.shape, data.size(), data.size() + tensor.bytes.size()});
    data.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  }
  const std::string header = safetensors_header(entries, whole.metadata());
  const std::string path = folder_.file("other.safetensors", header + data);
  const Excerpt excerpt = excerpt_of(SafetensorsHeader::read(path));
  EXPECT_EQ(excerpt.ranges.size(), 3u);
  std::string file = excerpt.header;
  for (const ByteRange& range : excerpt.ranges) {
    file += (header + data).substr(range.begin, range.end - range.begin);
  }
  const Safetensors put = Safetensors::read(folder_.file("put.safetensors", file));
  for (const char* name : {"encoder.0.weight", "decoder.0.weight", "decoder.0.bias"}) {
    EXPECT_TRUE(std::ranges::equal(put.tensor(name).bytes, whole.tensor(name).bytes)) << name;
  }
}

TEST_F(ExportedFile, NeedsAllItsTensors) {
  checkpoint_of(kSmallVae);
  const Safetensors whole = Safetensors::read(file_);
  std::vector<NamedTensor> tensors = whole.tensors();
  std::erase_if(tensors, [](const NamedTensor& t) { return t.name == "decoder.0.bias"; });
  write_safetensors(folder_ / "bad", tensors, whole.metadata());
  EXPECT_EQ(error_of([&] { excerpt_of(SafetensorsHeader::read(folder_ / "bad")); }),
            (folder_ / "bad").string() + ": has no tensor 'decoder.0.bias'");
}

}  // namespace
}  // namespace pumice::io
