#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/metrics/frechet.h"
#include "engine/metrics/inception_score.h"
#include "engine/metrics/kernel_distance.h"
#include "engine/metrics/neighbours.h"
#include "engine/metrics/precision_recall.h"
#include "tests/golden/golden.h"

// Fixed features measured by NumPy, SciPy and scikit-learn: tests/golden/metrics.py made the
// numbers and explains the features.
namespace pumice::metrics {
namespace {

using nlohmann::json;

constexpr double kMetricTolerance = 1e-7;  // relative; the goal is 1e-4
constexpr double kDeadTolerance = 1e-6;  // the reference is less exact: roots of eigenvalues near 0

const json& golden_metrics() {
  static const json all = golden::read("metrics.json");
  return all;
}

Features features(const json& side, bool dead) {
  Features features{.count = side.at("count"), .size = golden_metrics().at("size")};
  const uint32_t salt = side.at("salt");
  const double shift = side.at("shift");
  for (uint32_t row = 0; row < features.count; ++row) {
    for (uint32_t j = 0; j < features.size; ++j) {
      const uint32_t following = row * features.size + (j + 1) % features.size;
      const double value = golden::noise(row * features.size + j, salt) +
                           golden::noise(following, salt) / 2.0 + shift;
      const bool is_dead = dead && j % 6 == 5;
      features.values.push_back(is_dead ? 0 : static_cast<float>(std::max(0.0, value)));
    }
  }
  return features;
}

Features probabilities() {
  const json& golden = golden_metrics();
  Features features{.count = golden.at("generated").at("count"), .classes = golden.at("classes")};
  const uint32_t salt = golden.at("probabilities_salt");
  for (uint32_t row = 0; row < features.count; ++row) {
    std::vector<double> weights;
    double sum = 0;
    for (uint32_t i = 0; i < features.classes; ++i) {
      const double u = golden::uniform(row * features.classes + i, salt);
      weights.push_back((u * u) * (u * u));
      sum += weights.back();
    }
    for (double weight : weights)
      features.probabilities.push_back(static_cast<float>(weight / sum));
  }
  return features;
}

void expect_estimate(const Estimate& found, const json& expected, const std::string& what) {
  golden::expect_relative(found.mean, expected.at("mean"), kMetricTolerance, what + " mean");
  EXPECT_NEAR(found.deviation, expected.at("deviation").get<double>(),
              kMetricTolerance * expected.at("mean").get<double>())
      << what;
}

class GoldenMetrics : public testing::TestWithParam<const char*> {
 protected:
  bool is_dead() const { return std::string(GetParam()) == "dead"; }
  double tolerance() const { return is_dead() ? kDeadTolerance : kMetricTolerance; }
  const json& expected() const { return golden_metrics().at(GetParam()); }
  uint64_t seed() const { return golden_metrics().at("seed"); }

  const Features real_ = features(golden_metrics().at("real"), is_dead());
  const Features generated_ = features(golden_metrics().at("generated"), is_dead());
};

TEST_P(GoldenMetrics, FrechetDistance) {
  const Gaussian real = fit_gaussian(real_);
  const Gaussian generated = fit_gaussian(generated_);
  const double truth = expected().at("frechet_distance");
  golden::expect_relative(frechet_distance(real, generated), truth, tolerance(), "real, generated");
  golden::expect_relative(frechet_distance(generated, real), truth, tolerance(), "generated, real");
  golden::expect_relative(frechet_distance_at_infinity(real, generated_, seed()),
                          expected().at("frechet_distance_at_infinity"), 10 * tolerance(),
                          "at infinity");
}

TEST_P(GoldenMetrics, KernelDistance) {
  const json& truth = expected().at("kernel_distance");
  expect_estimate(
      kernel_distance(
          real_, generated_,
          {.subsets = truth.at("subsets"), .subset_size = truth.at("subset_size"), .seed = seed()}),
      truth, "kernel distance");
}

TEST_P(GoldenMetrics, Manifolds) {
  for (const auto& [k, truth] : expected().at("manifolds").items()) {
    const ManifoldComparison found =
        compare_manifolds(real_, generated_, static_cast<uint32_t>(std::stoul(k)));
    EXPECT_DOUBLE_EQ(found.precision, truth.at("precision")) << k;
    EXPECT_DOUBLE_EQ(found.recall, truth.at("recall")) << k;
    EXPECT_DOUBLE_EQ(found.density, truth.at("density")) << k;
    EXPECT_DOUBLE_EQ(found.coverage, truth.at("coverage")) << k;
  }
}

TEST_P(GoldenMetrics, NearestNeighbours) {
  const std::vector<Neighbour> found = nearest_neighbours(generated_, real_);
  const json& truth = expected().at("nearest");
  for (size_t i = 0; i < truth.at("indices").size(); ++i) {
    EXPECT_EQ(found[i].index, truth.at("indices").at(i)) << i;
    golden::expect_relative(found[i].distance, truth.at("distances").at(i), kMetricTolerance,
                            "distance");
  }
}

INSTANTIATE_TEST_SUITE_P(Features, GoldenMetrics, testing::Values("plain", "dead"),
                         [](const auto& info) { return std::string(info.param); });

TEST(GoldenMetric, InceptionScore) {
  for (const auto& [splits, truth] : golden_metrics().at("inception_score").items()) {
    expect_estimate(inception_score(probabilities(), static_cast<uint32_t>(std::stoul(splits))),
                    truth, splits + " splits");
  }
}

}  // namespace
}  // namespace pumice::metrics
