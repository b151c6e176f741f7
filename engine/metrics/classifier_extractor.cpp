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
  pictures_ = memory(picture().size(), "extractor.pictures");
  features_ = memory(size_, "extractor.features");
  probabilities_ = memory(classes_, "extractor.probabilities");
  Graph graph(device.limits());
  const Shape pictures{batch_, static_cast<uint32_t>(picture().size())};
  const Tensor features = classifier.features(graph.external(pictures_, pictures, DType::kF32));
  ops::store(features, graph.external(features_, {batch_, size_}, DType::kF32));
  ops::store(classifier.classify_features(features),
             graph.external(probabilities_, {batch_, classes_}, DType::kF32));
  step_ = std::make_unique<Step>(device, graph, "extract");
}

// The next batch runs while the host processes the previous one.
Features ClassifierExtractor::extract(std::span<const float> pictures, const Shape& picture) {
  const uint64_t values = picture.size();
  require(picture == this->picture(), "{}: takes pictures of {}, got {}", name_, this->picture(),
          picture);
  require(pictures.size() % values == 0, "{}: expects pictures of {} values, got {} values", name_,
          values, pictures.size());
  Features features{.size = size_, .classes = classes_, .values = {}, .probabilities = {}};
  features.values.reserve(pictures.size() / values * size_);
  Reads before;
  while (!pictures.empty()) {
    const size_t length = std::min<size_t>(pictures.size(), batch_ * values);
    Reads reads = start(pictures.first(length));
    take(before, features);
    before = std::move(reads);
    pictures = pictures.subspan(length);
  }
  take(before, features);
  return features;
}

ClassifierExtractor::Reads ClassifierExtractor::start(std::span<const float> pictures) {
  device_.write(*pictures_, std::as_bytes(pictures));
  step_->run();
  return {.count = static_cast<uint32_t>(pictures.size() / picture().size()),
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
