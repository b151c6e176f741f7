#include "engine/metrics/classifier_extractor.h"

#include <algorithm>

#include "engine/base/require.h"
#include "engine/models/classifier/classifier_model.h"

namespace pumice::metrics {
namespace {

const models::Classifier& classifier_of(const models::Model& model, const std::string& name) {
  const auto* of_classifier = model.as<models::ClassifierModel>();
  require(of_classifier != nullptr, "{}: expected a classifier as the extractor, got a {}", name,
          model.family().name);
  const models::Classifier& classifier = of_classifier->classifier();
  const std::string_view last = classifier.description().layers.back().type();
  require(last == "linear", "{}: an extractor's last layer is expected to be linear, got {}", name,
          last);
  return classifier;
}

}  // namespace

ClassifierExtractor::ClassifierExtractor(hal::Device& device,
                                         std::unique_ptr<const models::Model> model,
                                         std::string name, uint32_t batch)
    : device_(device), model_(std::move(model)), name_(std::move(name)), batch_(batch) {
  const models::Classifier& classifier = classifier_of(*model_, name_);
  size_ = classifier.feature_size();
  classes_ = classifier.description().classes;
  auto memory = [&](uint64_t columns, const char* label) {
    const Shape shape{batch_, static_cast<uint32_t>(columns)};
    return device.allocate(padded_bytes(shape, DType::kF32), label);
  };
  images_ = memory(image().size(), "extractor.images");
  features_ = memory(size_, "extractor.features");
  probabilities_ = memory(classes_, "extractor.probabilities");
  Graph graph(device.limits());
  const Shape images{batch_, static_cast<uint32_t>(image().size())};
  const Tensor features = classifier.features(graph.external(images_, images, DType::kF32));
  ops::store(features, graph.external(features_, {batch_, size_}, DType::kF32));
  ops::store(classifier.classify_features(features),
             graph.external(probabilities_, {batch_, classes_}, DType::kF32));
  step_ = std::make_unique<Step>(device, graph, "extract");
}

// The next batch runs while the host processes the previous one.
Features ClassifierExtractor::extract(std::span<const float> images, const Shape& image) {
  const uint64_t values = image.size();
  require(image == this->image(), "{}: takes images of {}, got {}", name_, this->image(), image);
  require(images.size() % values == 0, "{}: expects images of {} values, got {} values", name_,
          values, images.size());
  Features features{.size = size_, .classes = classes_, .values = {}, .probabilities = {}};
  features.values.reserve(images.size() / values * size_);
  Reads before;
  while (!images.empty()) {
    const size_t length = std::min<size_t>(images.size(), batch_ * values);
    Reads reads = start(images.first(length));
    take(before, features);
    before = std::move(reads);
    images = images.subspan(length);
  }
  take(before, features);
  return features;
}

ClassifierExtractor::Reads ClassifierExtractor::start(std::span<const float> images) {
  device_.write(*images_, std::as_bytes(images));
  step_->run();
  return {.count = static_cast<uint32_t>(images.size() / image().size()),
          .features = device_.read(*features_),
          .probabilities = device_.read(*probabilities_)};
}

void ClassifierExtractor::take(Reads& reads, Features& features) const {
  if (reads.count == 0) return;
  auto append = [&](hal::Readback& from, uint32_t columns, std::vector<float>& to) {
    const std::vector<float> part = to_floats(from.take(), uint64_t{reads.count} * columns);
    to.insert(to.end(), part.begin(), part.end());
  };
  append(*reads.features, size_, features.values);
  append(*reads.probabilities, classes_, features.probabilities);
  features.count += reads.count;
}

}  // namespace pumice::metrics
