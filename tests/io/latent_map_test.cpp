#include "engine/io/latent_map.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/io/export.h"
#include "engine/models/vae/vae_model.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace pumice::io {
namespace {

using test::error_of;

/// A map of three test images, whose numbers f16 holds exactly.
LatentMap map_of_three() {
  return {.text = "3 test images",
          .class_names = {"cat", "кот"},
          .count = 3,
          .numbers = {2, 0},
          .latents = {1, -2, 0.5f, 4, -3, 0.25f},
          .places = {},
          .mean = {0.1f, 0.2f, 0.3f},
          .axes = {0.6f, 0.8f, -0.8f, 0.6f},
          .labels = {1, 0, 1},
          .thumbnail = {2, 2, 1},
          .thumbnails = {1, 2, 3, 4, 5, 6, 7, 8},
          .thumbnail_points = {2, 0}};
}

/// A checkpoint of a VAE with images of 2 × 2 and three latent numbers, and its exported file.
class MapFile : public testing::Test {
 protected:
  MapFile() {
    const models::Description network = models::VaeDescription{.image = {2, 2, 1},
                                                               .latent_size = 3,
                                                               .encoder = {nn::Linear{.out = 6}},
                                                               .decoder = {nn::Linear{.out = 4}}};
    const auto model = network.build();
    CheckpointContent content{.network = network, .training = {.recipe = "name = \"x\"\n"}};
    for (const models::ParameterSet& set : model->parameters()) {
      content.parameters.push_back({.name = set.prefix,
                                    .layout = set.parameters,
                                    .bytes = std::vector<std::byte>(set.parameters->flat_bytes())});
    }
    write_checkpoint(folder_ / "c", content);
  }

  std::optional<LatentMap> exported(const LatentMap* map) const {
    write_export(out_, Checkpoint::read(folder_ / "c"), {.map = map});
    return latent_map_of(Checkpoint::read(out_));
  }

  test::TemporaryFolder folder_;
  std::filesystem::path out_ = folder_ / "out";
};

TEST_F(MapFile, HoldsTheMap) {
  const LatentMap map = map_of_three();
  const std::optional<LatentMap> read = exported(&map);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text, map.text);
  EXPECT_EQ(read->class_names, map.class_names);
  EXPECT_EQ(read->count, 3u);
  EXPECT_EQ(read->numbers, map.numbers);
  EXPECT_EQ(read->latents, map.latents);
  EXPECT_TRUE(read->places.empty());
  EXPECT_EQ(read->mean, map.mean);
  EXPECT_EQ(read->axes, map.axes);
  EXPECT_EQ(read->labels, map.labels);
  EXPECT_EQ(read->thumbnail, map.thumbnail);
  EXPECT_EQ(read->thumbnails, map.thumbnails);
  EXPECT_EQ(read->thumbnail_points, map.thumbnail_points);
}

TEST_F(MapFile, HoldsPlacesOfSamples) {
  LatentMap map = map_of_three();
  map.numbers.clear();
  map.latents.clear();
  map.labels.clear();
  map.places = {1, 2, 3, 4, 5, 6};
  map.mean = {1, 2, 3, 4};
  map.axes = {1, 2, 3, 4, 5, 6, 7, 8};
  const std::optional<LatentMap> read = exported(&map);
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->has_latents());
  EXPECT_EQ(read->places, map.places);
  EXPECT_EQ(read->axes, map.axes);
  EXPECT_TRUE(read->labels.empty());
}

TEST_F(MapFile, CanDoWithoutAMap) { EXPECT_FALSE(exported(nullptr)); }

TEST_F(MapFile, KeepsItsMapWhenReadInParts) {
  const LatentMap map = map_of_three();
  exported(&map);
  const SafetensorsHeader header = SafetensorsHeader::read(out_);
  EXPECT_EQ(excerpt_of(header).ranges,
            (std::vector<ByteRange>{{header.data_begin(), std::filesystem::file_size(out_)}}));
}

TEST_F(MapFile, IsRefusedIfTheMapDoesNotFit) {
  const std::string name = out_.string();
  const auto error = [&](const auto& damage) {
    LatentMap map = map_of_three();
    damage(map);
    return error_of([&] { exported(&map); });
  };
  EXPECT_EQ(error([](LatentMap& map) { map.numbers[1] = 3; }),
            name + ": tensor 'map.numbers': expected indices below 3");
  EXPECT_EQ(error([](LatentMap& map) { map.thumbnail_points[0] = 3; }),
            name + ": tensor 'map.thumbnail_points': expected indices below 3");
  EXPECT_EQ(error([](LatentMap& map) { map.latents[3] = NAN; }),
            name + ": tensor 'map.latents': expected finite numbers");
  EXPECT_EQ(error([](LatentMap& map) { map.mean.pop_back(); }),
            name + ": tensor 'map.mean': expected f32 [3]");
  EXPECT_EQ(error([](LatentMap& map) { map.labels.pop_back(); }),
            name + ": tensor 'map.labels': expected u8 [3]");
}

TEST(ShrunkImage, KeepsSmallImages) {
  EXPECT_EQ(shrunk_shape({28, 28, 1}), Shape({28, 28, 1}));
  const std::vector<float> image = {0, 1, 2, 3};
  EXPECT_EQ(shrunk_image(image, {2, 2, 1}), image);
}

TEST(ShrunkImage, AveragesBlocks) {
  EXPECT_EQ(shrunk_shape({32, 32, 3}), Shape({16, 16, 3}));
  EXPECT_EQ(shrunk_shape({33, 63, 1}), Shape({17, 32, 1}));
  std::vector<float> image(size_t{33} * 63);
  for (size_t i = 0; i < image.size(); ++i) {
    const size_t row = i / 63;
    image[i] = static_cast<float>(i % 63) + 100 * static_cast<float>(row);
  }
  const std::vector<float> shrunk = shrunk_image(image, {33, 63, 1});
  ASSERT_EQ(shrunk.size(), 544u);
  EXPECT_FLOAT_EQ(shrunk[0], 50.5f);          // of 0, 1, 100 and 101
  EXPECT_FLOAT_EQ(shrunk[30], 110.5f);        // of 60, 61, 160 and 161
  EXPECT_FLOAT_EQ(shrunk[31], 112);           // cut by the right edge
  EXPECT_FLOAT_EQ(shrunk[16 * 32], 3200.5f);  // and by the bottom
}

}  // namespace
}  // namespace pumice::io
