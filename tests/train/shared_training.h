#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "tests/support/thread_ranks.h"
#include "tests/train/trainer_checks.h"
#include "tests/train/training_subjects.h"

namespace pumice::test {

using Make = std::function<std::unique_ptr<Subject>(const train::Parallel&)>;

inline models::GanOptions gan_options(models::GanLoss loss) {
  models::GanOptions options{.loss = loss};
  options.generator = {.learning_rate = 1e-3, .beta1 = 0.5};
  options.discriminator = options.generator;
  return options;
}

inline Make gan(models::GanOptions options, bool is_normalised = false, bool is_spectral = false) {
  return [=](const train::Parallel& parallel) {
    return std::make_unique<GanSubject>(options, is_normalised, is_spectral, parallel);
  };
}

template <typename Kind>
Make make() {
  return [](const train::Parallel& parallel) { return std::make_unique<Kind>(parallel); };
}

struct Case {
  std::string name;
  Make make;
};

inline std::vector<Case> cases() {
  models::GanOptions penalised = gan_options(models::GanLoss::kWassersteinGp);
  penalised.critic_steps = 3;
  penalised.discriminator.clip_norm = 1;
  models::GanOptions mixed = gan_options(models::GanLoss::kNonSaturating);
  mixed.mixed = true;
  models::GanOptions clipped = gan_options(models::GanLoss::kWasserstein);
  clipped.discriminator.clip_weights = 0.05;
  return {{"vae", make<VaeSubject<>>()},
          {"binarized vae", make<VaeSubject<true>>()},
          {"flow", make<FlowSubject>()},
          {"wgan-gp", gan(penalised)},
          {"mixed", gan(mixed)},
          {"wgan", gan(clipped)},
          {"hinge", gan(gan_options(models::GanLoss::kHinge))},
          {"classifier", make<ClassifierSubject>()}};
}

/// What is left of a training on one rank.
struct Trained {
  std::vector<Metrics> steps;
  Metrics test;
  TrainedBytes bytes;
  bool operator==(const Trained&) const = default;
};

inline TrainedBytes saved(Subject& subject) {
  TrainedBytes all{.step = subject.trainer().step(), .bytes = {}};
  for (const nn::Parameters* parameters : subject.parameters()) {
    all.bytes.push_back(subject.device->read(*parameters->buffer())->take());
  }
  for (const train::NamedState& state : subject.trainer().state()) {
    all.bytes.push_back(subject.trainer().read(state));
  }
  return all;
}

inline Trained finish(Subject& subject) {
  Trained result{.steps = subject.trainer().step_metrics(), .test = subject.trainer().evaluate()};
  result.bytes = saved(subject);
  return result;
}

/// The results of all ranks.
inline std::vector<Trained> trained(const Make& make, uint32_t size, uint32_t steps,
                                    train::Parallel parallel = {}) {
  std::vector<Trained> results(size);
  ThreadRanks(size).run([&](train::Ranks& ranks) {
    train::Parallel own = parallel;
    own.ranks = &ranks;
    const auto subject = make(own);
    subject->trainer().run_steps(steps);
    results[ranks.rank()] = finish(*subject);
  });
  return results;
}

inline double largest_difference(const std::vector<std::byte>& a, const std::vector<std::byte>& b) {
  const std::vector<float> left = to_floats(a, a.size() / 4), right = to_floats(b, b.size() / 4);
  double largest = 0;
  for (size_t i = 0; i < left.size(); ++i) {
    largest = std::max(largest, std::abs(double(left[i]) - right[i]));
  }
  return largest;
}

inline void expect_near(const Metrics& found, const Metrics& expected, const std::string& where) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    const double value = expected[i].value;
    EXPECT_NEAR(found[i].value, value, 1e-5 * std::max(1.0, std::abs(value)))
        << where << " " << expected[i].name;
  }
}

}  // namespace pumice::test
