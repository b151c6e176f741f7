#include "engine/metrics/inception_v3.h"

#include "engine/base/require.h"
#include "engine/metrics/inception_blocks.h"

namespace pumice::metrics {
namespace {

using Stages = std::vector<std::pair<std::string, Tensor>>;

/// Each stage takes the output of the previous one.
class Chain {
 public:
  explicit Chain(const Tensor& images) : last_(images) {}

  template <typename Stage>
  void add(const std::string& name, const Stage& stage) {
    Scope scope(last_.graph(), name);
    last_ = stage(last_, name);
    stages_.emplace_back(name, last_);
  }

  const Stages& stages() const { return stages_; }

 private:
  Tensor last_;
  Stages stages_;
};

void add_stem(Chain& chain, const InceptionBlocks& blocks) {
  auto convolution = [&](uint32_t channels, const Window& window) {
    return [&blocks, channels, window](const Tensor& x, const std::string& name) {
      return blocks.convolution(x, name, channels, window);
    };
  };
  auto pool = [](const Tensor& x, const std::string&) { return ops::max_pool2d(x, 3, 2); };
  chain.add("Conv2d_1a_3x3", convolution(32, k3x3Halving));
  chain.add("Conv2d_2a_3x3", convolution(32, k3x3Unpadded));
  chain.add("Conv2d_2b_3x3", convolution(64, k3x3));
  chain.add("maxpool1", pool);
  chain.add("Conv2d_3b_1x1", convolution(80, {}));
  chain.add("Conv2d_4a_3x3", convolution(192, k3x3Unpadded));
  chain.add("maxpool2", pool);
}

void add_blocks(Chain& chain, const InceptionBlocks& blocks, InceptionVariant variant) {
  using Pool = InceptionBlocks::Pool;
  auto stage = [&blocks](auto function, auto... arguments) {
    return [&blocks, function, arguments...](const Tensor& x, const std::string& name) {
      return (blocks.*function)(x, name, arguments...);
    };
  };
  chain.add("Mixed_5b", stage(&InceptionBlocks::figure_5, 32));
  chain.add("Mixed_5c", stage(&InceptionBlocks::figure_5, 64));
  chain.add("Mixed_5d", stage(&InceptionBlocks::figure_5, 64));
  chain.add("Mixed_6a", stage(&InceptionBlocks::reduction_6a));
  chain.add("Mixed_6b", stage(&InceptionBlocks::figure_6, 128));
  chain.add("Mixed_6c", stage(&InceptionBlocks::figure_6, 160));
  chain.add("Mixed_6d", stage(&InceptionBlocks::figure_6, 160));
  chain.add("Mixed_6e", stage(&InceptionBlocks::figure_6, 192));
  chain.add("Mixed_7a", stage(&InceptionBlocks::reduction_7a));
  chain.add("Mixed_7b", stage(&InceptionBlocks::figure_7, Pool::kAverage));
  chain.add("Mixed_7c", stage(&InceptionBlocks::figure_7,
                              variant == InceptionVariant::kFid ? Pool::kMaximum : Pool::kAverage));
}

}  // namespace

uint32_t classes_of(InceptionVariant variant) {
  return variant == InceptionVariant::kFid ? 1008 : 1000;
}

InceptionOutputs inception_v3(const Tensor& images, InceptionVariant variant,
                              InceptionWeights& weights) {
  const Shape& shape = images.shape();
  require(shape.rank() == 4 && shape[1] >= 75 && shape[2] >= 75 && shape[3] == 3,
          "inception-v3: expects images [B, H, W, 3] of at least 75 x 75, got {}", shape);
  const InceptionBlocks blocks(variant, weights);
  Chain chain(images);
  add_stem(chain, blocks);
  add_blocks(chain, blocks, variant);
  Tensor features = ops::mean(chain.stages().back().second, {1, 2});
  const auto [weight, bias] =
      weights.linear(images.graph(), "fc", kInceptionFeatures, classes_of(variant));
  Tensor logits = ops::linear(features, weight, bias);
  Tensor scores = variant == InceptionVariant::kFid
                      ? ops::matmul(features, weight, {.transpose_b = true})
                      : logits;
  return {.blocks = chain.stages(),
          .features = features,
          .logits = logits,
          .probabilities = ops::softmax(scores)};
}

}  // namespace pumice::metrics
