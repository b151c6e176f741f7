#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/metrics.h"
#include "engine/data/image_set.h"
#include "engine/train/trainer.h"
#include "tests/golden/golden.h"

/// Shared by the tests that compare whole trainers with PyTorch.
namespace pumice::golden {

// The goal is 1e-4; float32 rounding alone causes 3e-7.
inline constexpr double kLossTolerance = 1e-5;

/// The images of a case, labelled i modulo its classes.
inline data::ImageSet images(const nlohmann::json& config, uint32_t salt) {
  const Shape shape = shape_of(config.at("picture"));
  data::ImageSet images{.count = config.at("pictures"),
                        .height = shape[0],
                        .width = shape[1],
                        .channels = shape[2],
                        .pixels = {},
                        .labels = {}};
  for (uint32_t i = 0; i < images.count * images.image_size(); ++i) {
    images.pixels.push_back(static_cast<uint8_t>(std::nearbyint(255.0 * pixel(i, salt))));
  }
  const uint32_t classes = config.value("classes", 0u);
  for (uint32_t i = 0; classes > 0 && i < images.count; ++i) {
    images.labels.push_back(static_cast<data::Label>(i % classes));
  }
  return images;
}

inline void expect_losses(const std::vector<Metrics>& steps, const nlohmann::json& expected,
                          size_t first) {
  for (size_t i = 0; i < steps.size(); ++i) {
    for (const auto& [name, loss] : expected.at(first + i).items()) {
      EXPECT_NEAR(value_of(steps[i], name), loss, kLossTolerance * std::abs(loss.get<double>()))
          << name << ", step " << first + i;
    }
  }
}

/// Runs the steps of the file `all`, which reach the second epoch, and compares their losses.
inline void expect_steps(train::Trainer& trainer, const nlohmann::json& all,
                         const nlohmann::json& losses) {
  const uint32_t steps = all.at("steps");
  ASSERT_LT(trainer.steps_per_epoch(), steps);
  trainer.run_steps(trainer.steps_per_epoch());
  expect_losses(trainer.step_metrics(), losses, 0);
  trainer.run_steps(steps - trainer.steps_per_epoch());
  expect_losses(trainer.step_metrics(), losses, trainer.steps_per_epoch());
}

}  // namespace pumice::golden
