#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "engine/train/trainer.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"

namespace pumice::test {

inline bool keep_going(const train::Progress&) { return true; }

/// Everything that a trainer changes, as bytes.
struct TrainedBytes {
  uint32_t step = 0;
  std::vector<std::vector<std::byte>> bytes;
  bool operator==(const TrainedBytes&) const = default;
};

/// A network with its trainer, from one seed. `Subject` has a constructor from (device), trainer()
/// and parameters(), which are all that training changes.
template <typename Subject>
std::vector<hal::BufferPtr> memory_of(Subject& subject) {
  std::vector<hal::BufferPtr> memory;
  for (const nn::Parameters* parameters : subject.parameters()) {
    memory.push_back(parameters->buffer());
  }
  for (const train::NamedState& state : subject.trainer().state()) memory.push_back(state.buffer);
  return memory;
}

template <typename Subject>
TrainedBytes bytes_of(hal::Device& device, Subject& subject) {
  TrainedBytes all{.step = subject.trainer().step(), .bytes = {}};
  for (const hal::BufferPtr& buffer : memory_of(subject)) {
    all.bytes.push_back(device.read(*buffer)->take());
  }
  return all;
}

/// The same seed gives the same bytes, and resuming from saved bytes those of an uninterrupted run.
template <typename Subject>
void expect_repeats_and_resumes(hal::Device& device, uint32_t before, uint32_t after) {
  Subject whole(device);
  whole.trainer().run_steps(before);
  const TrainedBytes half = bytes_of(device, whole);
  whole.trainer().run_steps(after);

  Subject again(device);
  again.trainer().run_steps(before + after);
  EXPECT_EQ(bytes_of(device, again), bytes_of(device, whole));
  EXPECT_EQ(again.trainer().step_metrics(), whole.trainer().step_metrics());

  Subject resumed(device);
  resumed.trainer().run_steps(1);  // its state is then replaced
  const std::vector<hal::BufferPtr> memory = memory_of(resumed);
  for (size_t i = 0; i < memory.size(); ++i) device.write(*memory[i], half.bytes[i]);
  resumed.trainer().resume_at(half.step);
  resumed.trainer().run_steps(after);
  EXPECT_EQ(bytes_of(device, resumed), bytes_of(device, whole));
}

/// A run that diverges names the step, the metric and the tensor, and restores the earlier state.
template <typename Subject>
void expect_explains(hal::Device& device, Subject& subject, const std::string& metric) {
  const TrainedBytes before = bytes_of(device, subject);
  const std::string message = error_of([&] { subject.trainer().run_epoch(keep_going); });
  EXPECT_TRUE(contains(message, "training stopped at step ")) << message;
  EXPECT_TRUE(contains(message, "the " + metric + " is not finite; first in ")) << message;
  EXPECT_EQ(bytes_of(device, subject), before);
}

/// A NaN weight is found in the first step, whichever ops it passes through.
template <typename Subject>
void expect_finds_nan(hal::Device& device, Subject& subject, const nn::Parameters& parameters) {
  std::vector<std::byte> bytes = device.read(*parameters.buffer())->take();
  const float nan = std::nanf("");
  std::memcpy(bytes.data(), &nan, sizeof(nan));  // the first weight
  device.write(*parameters.buffer(), bytes);
  const std::string message = error_of([&] { subject.trainer().run_epoch(keep_going); });
  EXPECT_TRUE(contains(message, "training stopped at step 1: the ")) << message;
  EXPECT_TRUE(contains(message, " is not finite; first in ")) << message;
  EXPECT_TRUE(contains(message, ".0/")) << message;
  EXPECT_TRUE(contains(message, " is nan")) << message;
}

}  // namespace pumice::test
