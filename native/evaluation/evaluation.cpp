#include "native/evaluation/evaluation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "engine/base/count_of.h"
#include "engine/metrics/class_accuracy.h"
#include "engine/metrics/frechet.h"
#include "engine/metrics/inception_score.h"
#include "engine/metrics/kernel_distance.h"
#include "engine/metrics/neighbours.h"
#include "engine/metrics/precision_recall.h"
#include "native/views/images.h"

namespace pumice {
namespace {

using metrics::Features;
using Neighbours = std::vector<metrics::Neighbour>;

constexpr uint32_t kManifoldNeighbours = 5;
constexpr uint32_t kSplits = 10;

/// Computes the measures one after another.
class Measurement {
 public:
  Measurement(hal::Device& device, ModelOnDevice& model, const OpenExtractor& extractor,
              const TrainingData& data, const EvaluationOptions& options, const Notify& notify)
      : device_(device),
        model_(model),
        extractor_(extractor),
        data_(data),
        options_(options),
        notify_(notify),
        reference_(features_of_images(extractor, reference_of(data, options.reference), notify)),
        gaussian_(metrics::fit_gaussian(reference_)) {}

  Evaluation run() {
    measure_distance();
    measure_samples();
    if (options_.neighbours > 0) measure_neighbours();
    if (options_.likelihood_images > 0 && metrics::has_likelihood(model_.model()))
      measure_likelihood();
    return std::move(result_);
  }

 private:
  SampleFeatures draw(uint32_t repeat, uint32_t keep) const;
  void measure_distance();
  void measure_samples();
  void measure_manifolds();
  void measure_neighbours();
  void measure_training_images(const Features& training);
  void measure_likelihood();
  void note(const std::string& name, const metrics::Estimate& estimate, const std::string& basis) {
    result_.metrics.push_back({name, estimate.mean, estimate.deviation, basis});
  }
  void note(const std::string& name, double value, const std::string& basis) {
    result_.metrics.push_back({name, value, std::nullopt, basis});
  }
  std::string samples_text() const { return count_of(options_.samples, "sample"); }
  std::string against() const { return reference_text(data_, options_.reference); }

  hal::Device& device_;
  ModelOnDevice& model_;
  const OpenExtractor& extractor_;
  const TrainingData& data_;
  const EvaluationOptions& options_;
  const Notify& notify_;
  Features reference_;
  metrics::Gaussian gaussian_;
  SampleFeatures samples_;  ///< of the first repeat
  Evaluation result_;
};

SampleFeatures Measurement::draw(uint32_t repeat, uint32_t keep) const {
  return features_of_samples(model_.inference(), *extractor_.network,
                             {.seed = options_.seed,
                              .first = repeat * options_.samples,
                              .count = options_.samples,
                              .keep = keep});
}

void Measurement::measure_distance() {
  std::vector<double> distances;
  for (uint32_t repeat = 0; repeat < options_.repeats; ++repeat) {
    notify_(fmt::format("drawing {}, {} of {}", samples_text(), repeat + 1, options_.repeats));
    SampleFeatures drawn = draw(repeat, repeat == 0 ? options_.neighbours : 0);
    distances.push_back(
        metrics::frechet_distance(gaussian_, metrics::fit_gaussian(drawn.features)));
    if (repeat == 0) samples_ = std::move(drawn);
  }
  const metrics::Estimate estimate = metrics::estimate_of(distances);
  if (options_.repeats == 1) {
    note("fid", estimate.mean, fmt::format("{}, {}", samples_text(), against()));
  } else {
    note("fid", estimate,
         fmt::format("{} of {}, {}", count_of(options_.repeats, "repeat"), samples_text(),
                     against()));
  }
}

void Measurement::measure_samples() {
  const Features& features = samples_.features;
  const std::string basis = fmt::format("{}, {}", samples_text(), against());
  notify_("extrapolating FID, comparing neighbourhoods");
  // The extrapolation starts at half of the samples.
  if (std::min(5000u, features.count / 2) > features.size) {
    note("fid_infinity", metrics::frechet_distance_at_infinity(gaussian_, features, options_.seed),
         basis);
  }
  // With subsets as large as the whole, all would be equal and their deviation zero.
  const uint32_t half = std::min(features.count, reference_.count) / 2;
  const uint32_t subset = std::clamp(half, 2u, 1000u);
  note("kid",
       metrics::kernel_distance(reference_, features,
                                {.subset_size = subset, .seed = options_.seed}),
       fmt::format("100 subsets of {}: {}", subset, basis));
  note("inception_score", metrics::inception_score(features, std::min(kSplits, features.count)),
       fmt::format("{} splits of {}", std::min(kSplits, features.count), samples_text()));
  if (model_.inference().classes() == features.classes) {  // else the classifier has other classes
    note("class_accuracy", metrics::class_accuracy(features, samples_.labels),
         fmt::format("{}, their classes in turn", samples_text()));
  }
  measure_manifolds();
}

void Measurement::measure_manifolds() {
  const metrics::ManifoldComparison manifolds =
      metrics::compare_manifolds(reference_, samples_.features, kManifoldNeighbours);
  const std::string basis =
      fmt::format("k = {}, {}, {}", kManifoldNeighbours, samples_text(), against());
  note("precision", manifolds.precision, basis);
  note("recall", manifolds.recall, basis);
  note("density", manifolds.density, basis);
  note("coverage", manifolds.coverage, basis);
}

/// The value at the given fraction of the sorted ones.
double quantile(const Neighbours& neighbours, double share) {
  std::vector<double> distances;
  for (const metrics::Neighbour& neighbour : neighbours) distances.push_back(neighbour.distance);
  const auto at = distances.begin() + static_cast<ptrdiff_t>(share * double(distances.size() - 1));
  std::nth_element(distances.begin(), at, distances.end());
  return *at;
}

double share_below(const Neighbours& neighbours, double distance) {
  const auto below =
      std::count_if(neighbours.begin(), neighbours.end(),
                    [&](const auto& neighbour) { return neighbour.distance < distance; });
  return double(below) / double(neighbours.size());
}

/// Rows of samples above their nearest neighbours, closest pairs first.
formats::Image draw_neighbours(const Shape& shape, const std::vector<float>& images,
                               const Neighbours& nearest, const data::ImageSet& training) {
  constexpr uint32_t kShown = 50;
  constexpr uint32_t kColumns = 10;
  std::vector<uint32_t> order(nearest.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return nearest[a].distance < nearest[b].distance;
  });
  order.resize(std::min<size_t>(order.size(), kShown));
  std::vector<float> samples;
  std::vector<uint32_t> indices;
  for (uint32_t i : order) {
    const auto begin = images.begin() + static_cast<ptrdiff_t>(i * shape.size());
    samples.insert(samples.end(), begin, begin + static_cast<ptrdiff_t>(shape.size()));
    indices.push_back(nearest[i].index);
  }
  return views::pairs_image(shape, samples, views::to_values(training, indices), kColumns);
}

// Test images are as close to training images as new images are; samples that are much closer
// were memorised.
void Measurement::measure_neighbours() {
  const Features training = features_of_images(extractor_, data_.train, notify_);
  const Features unseen =
      first_features(features_of_images(extractor_, data_.test, notify_), options_.neighbours);
  const Features queries = first_features(samples_.features, options_.neighbours);
  notify_(fmt::format("searching the nearest of {}", count_of(training.count, "training image")));
  const Neighbours nearest = metrics::nearest_neighbours(queries, training);
  const Neighbours usual = metrics::nearest_neighbours(unseen, training);
  const std::string basis =
      fmt::format("{}, {}, {}", count_of(queries.count, "sample"),
                  count_of(unseen.count, "test image"), count_of(training.count, "training image"));
  const double median = quantile(nearest, 0.5);
  const double usual_median = quantile(usual, 0.5);
  note("neighbour_distance", median, "median of " + basis);
  if (usual_median > 0) {  // else the test images are training images
    note("neighbour_distance_ratio", median / usual_median,
         "by the median of test images; " + basis);
  }
  note("neighbour_share_below_1_percent", share_below(nearest, quantile(usual, 0.01)),
       "samples nearer than the nearest 1 % of test images; " + basis);
  result_.neighbours =
      draw_neighbours(model_.inference().image(), samples_.images, nearest, data_.train);
  measure_training_images(training);
}

// The score of real images: no model is expected to do better.
void Measurement::measure_training_images(const Features& training) {
  const Features real = first_features(training, options_.samples);
  if (options_.reference != data::Split::kTest || real.count <= real.size) return;
  note("real_fid", metrics::frechet_distance(gaussian_, metrics::fit_gaussian(real)),
       fmt::format("{} as samples, {}", count_of(real.count, "training image"), against()));
}

void Measurement::measure_likelihood() {
  auto measure = [&](uint32_t count, uint32_t samples) {
    const std::vector<uint32_t> indices = views::first_indices(data_.test, count);
    const bool is_conditional = model_.inference().classes() > 0;
    return metrics::log_likelihood(
        device_, model_.model(), views::to_values(data_.test, indices),
        is_conditional ? views::to_labels(data_.test, indices) : std::vector<uint32_t>{},
        {.samples = samples, .seed = options_.seed, .binarization = options_.binarization});
  };
  notify_(fmt::format("likelihood of test images, {} each",
                      count_of(options_.likelihood_samples, "sample")));
  const metrics::Likelihood all = measure(data_.test.count, 1);
  note("elbo", all.elbo,
       fmt::format("{}, deviation of single ones, nats; {}", count_of(all.images, "test image"),
                   all.distribution));
  const metrics::Likelihood some = measure(options_.likelihood_images, options_.likelihood_samples);
  result_.likelihood = {
      .is_binary = some.is_binary, .samples = some.samples, .images = some.images};
  note("log_likelihood", some.log_likelihood,
       fmt::format("k = {}, {}, deviation of single ones, nats; {}", some.samples,
                   count_of(some.images, "test image"), some.distribution));
}

}  // namespace

const data::ImageSet& reference_of(const TrainingData& data, data::Split split) {
  return split == data::Split::kTest ? data.test : data.train;
}

std::string reference_text(const TrainingData& data, data::Split split) {
  return count_of(reference_of(data, split).count,
                  split == data::Split::kTest ? "test image" : "training image");
}

Evaluation evaluate(hal::Device& device, ModelOnDevice& model, const OpenExtractor& extractor,
                    const TrainingData& data, const EvaluationOptions& options,
                    const Notify& notify) {
  const auto begin = std::chrono::steady_clock::now();
  Evaluation evaluation = Measurement(device, model, extractor, data, options, notify).run();
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
  evaluation.seconds = passed.count();
  return evaluation;
}

}  // namespace pumice
