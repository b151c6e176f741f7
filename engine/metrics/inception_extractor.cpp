#include "engine/metrics/inception_extractor.h"

#include <algorithm>
#include <cmath>

#include "engine/base/require.h"
#include "engine/graph/step.h"
#include "engine/metrics/resize.h"
#include "engine/ops/ops.h"

namespace pumice::metrics {
namespace {

constexpr uint32_t kSide = 299;
constexpr uint32_t kNetworkImage = kSide * kSide * 3;
// The output of Conv2d_2b_3x3 for one image: the largest tensor of the network.
constexpr uint64_t kLargestBytes = sizeof(float) * 147 * 147 * 64;

uint32_t batch_for(const hal::Limits& limits) {
  return static_cast<uint32_t>(std::clamp<uint64_t>(limits.max_binding_bytes / kLargestBytes, 1,
                                                    limits.prefers.inference_batch));
}

/// The network, compiled for one batch size, between buffers.
class Inception : public FeatureExtractor {
 public:
  Inception(hal::Device& device, InceptionVariant variant, const WeightSource& source)
      : device_(device),
        variant_(variant),
        batch_(batch_for(device.limits())),
        name_(fmt::format("inception-v3 ({} weights, {} features)",
                          variant == InceptionVariant::kFid ? "pytorch-fid's" : "torchvision's",
                          kInceptionFeatures)) {
    auto allocate = [&](uint32_t columns, const char* label) {
      return device.allocate(uint64_t{batch_} * columns * sizeof(float), label);
    };
    images_ = allocate(kNetworkImage, "inception.images");
    features_ = allocate(kInceptionFeatures, "inception.features");
    probabilities_ = allocate(classes(), "inception.probabilities");
    Graph graph(device.limits());
    InceptionWeights weights(device, source);
    InceptionOutputs outputs = inception_v3(
        graph.external(images_, {batch_, kSide, kSide, 3}, DType::kF32), variant, weights);
    auto keep = [&](const Tensor& value, const hal::BufferPtr& buffer) {
      ops::store(value, graph.external(buffer, value.shape(), DType::kF32));
    };
    keep(outputs.features, features_);
    keep(outputs.probabilities, probabilities_);
    step_ = std::make_unique<Step>(device, graph, "inception-v3");
  }

  const std::string& name() const override { return name_; }
  uint32_t size() const override { return kInceptionFeatures; }
  uint32_t classes() const override { return classes_of(variant_); }

  Features extract(std::span<const float> images, const Shape& image) override {
    require(image.size() > 0 && images.size() % image.size() == 0,
            "inception-v3: expects images {}, got {} values", image, images.size());
    const auto count = static_cast<uint32_t>(images.size() / image.size());
    auto prepare = [&](uint32_t first) {
      const uint32_t end = std::min(first + batch_, count);
      if (first >= end) return std::vector<float>();
      return inception_images(images.subspan(first * image.size(), (end - first) * image.size()),
                              image);
    };
    Features result{.count = count, .size = size(), .classes = classes()};
    std::vector<float> batch = prepare(0);
    for (uint32_t first = 0; first < count; first += batch_) {
      const uint32_t rows = std::min(batch_, count - first);
      device_.write(*images_, std::as_bytes(std::span(batch)));
      step_->run();
      auto features = device_.read(*features_);
      auto probabilities = device_.read(*probabilities_);
      batch = prepare(first + batch_);  // while the device is busy
      append(result.values, *features, uint64_t{rows} * size());
      append(result.probabilities, *probabilities, uint64_t{rows} * classes());
    }
    return result;
  }

 private:
  static void append(std::vector<float>& to, hal::Readback& from, uint64_t count) {
    const std::vector<float> values = to_floats(from.take(), count);
    to.insert(to.end(), values.begin(), values.end());
  }

  hal::Device& device_;
  InceptionVariant variant_;
  uint32_t batch_;
  std::string name_;
  hal::BufferPtr images_;
  hal::BufferPtr features_;
  hal::BufferPtr probabilities_;
  std::unique_ptr<Step> step_;
};

/// Rounded to 8 bits: 0 … 255.
std::vector<float> rounded(std::span<const float> images) {
  std::vector<float> values(images.size());
  std::transform(images.begin(), images.end(), values.begin(),
                 [](float pixel) { return std::round(std::clamp(pixel, 0.0f, 1.0f) * 255); });
  return values;
}

}  // namespace

std::vector<float> inception_images(std::span<const float> images, const Shape& image) {
  require(image.rank() == 3 && (image[2] == 1 || image[2] == 3),
          "inception-v3: expects images [height, width, 1 or 3], got {}", image);
  const std::vector<float> resized = resize_bicubic(rounded(images), image, kSide);
  const size_t repeats = 3 / image[2];
  std::vector<float> result;
  result.reserve(resized.size() * repeats);
  for (float value : resized) {
    result.insert(result.end(), repeats, std::clamp(value, 0.0f, 255.0f) / 127.5f - 1);
  }
  return result;
}

std::unique_ptr<FeatureExtractor> inception_v3_extractor(hal::Device& device,
                                                         InceptionVariant variant,
                                                         const WeightSource& source) {
  return std::make_unique<Inception>(device, variant, source);
}

}  // namespace pumice::metrics
