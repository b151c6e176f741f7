#include "engine/io/network_json.h"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "engine/io/layer_json.h"
#include "engine/models/classifier/classifier.h"
#include "engine/models/gan/gan.h"
#include "engine/models/vae/vae.h"
#include "engine/nn/layers/layers.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/pool2d.h"
#include "tests/support/errors.h"

namespace pumice::io {
namespace {

using test::error_of;

const std::string kNetwork =
    R"({"format":"pumice-network","version":1,"model":"vae","picture":[4,3,1],"latent_size":2,)"
    R"("reconstruction":"bce","encoder":[{"type":"linear","out":5,"activation":"relu"},)"
    R"({"type":"linear","out":4}],"decoder":[{"type":"linear","out":12}]})";

TEST(NetworkJson, ListsEveryLayer) {
  models::VaeDescription description{.image = {4, 3, 1}, .latent_size = 2};
  description.encoder = {nn::Linear{.out = 5, .activation = "relu"}, nn::Linear{.out = 4}};
  description.decoder = {nn::Linear{.out = 12}};
  EXPECT_EQ(network_to_json(description), kNetwork);
  EXPECT_EQ(network_from_json(kNetwork, "net"), models::Description(description));
  description.reconstruction = models::Reconstruction::kSquaredError;
  description.classes = 10;
  EXPECT_EQ(network_from_json(network_to_json(description), "net"),
            models::Description(description));
}

TEST(NetworkJson, KnowsEveryModel) {
  const std::string gan =
      R"({"format":"pumice-network","version":1,"model":"gan","picture":[4,3,1],"latent_size":2,)"
      R"("classes":10,"range":"unit","generator":[{"type":"linear","out":12}],)"
      R"("discriminator":[{"type":"linear","out":1}]})";
  EXPECT_EQ(network_from_json(gan, "net"),
            models::Description(models::GanDescription{.image = {4, 3, 1},
                                                       .latent_size = 2,
                                                       .classes = 10,
                                                       .generator = {nn::Linear{.out = 12}},
                                                       .discriminator = {nn::Linear{.out = 1}},
                                                       .range = models::PixelRange::kUnit}));
  EXPECT_EQ(network_to_json(network_from_json(gan, "net")), gan);
  const std::string classifier =
      R"({"format":"pumice-network","version":1,"model":"classifier","picture":[4,3,1],)"
      R"("classes":10,"layers":[{"type":"linear","out":10}]})";
  EXPECT_EQ(network_from_json(classifier, "net"),
            models::Description(models::ClassifierDescription{
                .image = {4, 3, 1}, .classes = 10, .layers = {nn::Linear{.out = 10}}}));
  EXPECT_EQ(network_to_json(network_from_json(classifier, "net")), classifier);
}

// When the stride of a pooling defaulted to 1, files left out a stride of 1.
TEST(NetworkJson, ReadsPoolingsWithoutAStrideOfOldFiles) {
  const Json old = parse_json(
      R"([{"type":"max_pool2d","size":3},{"type":"average_pool2d","size":2,"stride":2}])", "old");
  const std::vector<nn::Layer> layers = layers_from_json(old, "old");
  EXPECT_EQ(layers, (std::vector<nn::Layer>{nn::MaxPool2d{.size = 3, .stride = 1},
                                            nn::AveragePool2d{.size = 2, .stride = 2}}));
  EXPECT_EQ(layers_to_json(layers).dump(), R"([{"type":"max_pool2d","size":3,"stride":1},)"
                                           R"({"type":"average_pool2d","size":2,"stride":2}])");
  EXPECT_EQ(layers_to_json({nn::MaxPool2d{.size = 3}}).dump(),
            R"([{"type":"max_pool2d","size":3,"stride":3}])");
}

struct BadNetwork {
  std::string name;
  std::string from;
  std::string to;
  std::string message;
};

class BadNetworkJson : public testing::TestWithParam<BadNetwork> {};

TEST_P(BadNetworkJson, IsRefused) {
  std::string text = kNetwork;
  text.replace(text.find(GetParam().from), GetParam().from.size(), GetParam().to);
  EXPECT_EQ(error_of([&] { network_from_json(text, "f"); }), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    NetworkJson, BadNetworkJson,
    testing::Values(
        BadNetwork{"NoJson", "{", "", "f: expected JSON, found ':' at byte 9 of 232"},
        BadNetwork{"Format", "pumice-network", "onnx",
                   "f: format: expected \"pumice-network\", found \"onnx\""},
        BadNetwork{"Version", "\"version\":1", "\"version\":2", "f: version: expected 1, found 2"},
        BadNetwork{
            "Model", "\"vae\"", "\"van\"",
            "f: model: expected \"vae\", \"gan\", \"classifier\" or \"flow\", found \"van\""},
        BadNetwork{"Image", "[4,3,1]", "[4,3]",
                   "f: picture: expected [height, width, channels], found [4, 3]"},
        BadNetwork{"NoImage", "[4,3,1]", "[4,3,0]",
                   "f: picture: expected whole numbers >= 1, found [4,3,0]"},
        BadNetwork{"Latent", "\"latent_size\":2", "\"latent_size\":\"2\"",
                   "f: latent_size: expected a whole number >= 1, found \"2\""},
        BadNetwork{"Loss", "bce", "l2",
                   "f: reconstruction: expected one of bce, mse, found \"l2\""},
        BadNetwork{"Unknown", "\"model\"", "\"colour\":1,\"model\"", "f: unknown key 'colour'"},
        BadNetwork{"Missing", "\"model\":\"vae\",", "", "f: has no 'model'"},
        BadNetwork{"LayerKey", "\"activation\"", "\"activaton\"",
                   "f: encoder[0]: unknown key 'activaton'"},
        BadNetwork{"LayerOut", "\"out\":5", "\"out\":-5",
                   "f: encoder[0]: out: expected a whole number >= 1, found -5"},
        BadNetwork{"LayerType", "\"linear\",\"out\":5", "\"liner\",\"out\":5",
                   fmt::format("f: encoder[0]: type: expected one of {}, found \"liner\"",
                               fmt::join(nn::layer_type_names(), ", "))}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace pumice::io
