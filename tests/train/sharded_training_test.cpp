#include <gtest/gtest.h>

#include "tests/train/shared_training.h"

namespace pumice::test {
namespace {

using train::Ranks;

/// Those in which something depends on how a batch is cut, too.
std::vector<Case> cases_with_statistics() {
  std::vector<Case> all = cases();
  all.push_back({"batch norm", gan(gan_options(models::GanLoss::kNonSaturating), true)});
  all.push_back({"spectral norm", gan(gan_options(models::GanLoss::kHinge), false, true)});
  return all;
}

TEST(ShardedTraining, GivesTheSameBytesOnAnyNumberOfRanks) {
  for (const Case& c : cases_with_statistics()) {
    const Trained alone = trained(c.make, 1, 20, {.shards = 4})[0];
    for (uint32_t size : {2, 4}) {
      for (const Trained& rank : trained(c.make, size, 20, {.shards = 4})) {
        EXPECT_EQ(rank, alone) << c.name << ", " << size << " ranks";
      }
    }
  }
}

TEST(ShardedTraining, GivesWhatTheWholeBatchGives) {
  for (const Case& c : cases()) {
    const Trained whole = trained(c.make, 1, 100)[0];
    const Trained shards = trained(c.make, 1, 100, {.shards = 8})[0];
    for (size_t i = 0; i < whole.steps.size(); ++i) {
      expect_near(shards.steps[i], whole.steps[i], c.name);
    }
    for (size_t i = 0; i < whole.bytes.bytes.size(); ++i) {
      EXPECT_LT(largest_difference(shards.bytes.bytes[i], whole.bytes.bytes[i]), 1e-5)
          << c.name << " memory " << i;
    }
  }
}

/// Trains from `bytes`, if there are any.
TrainedBytes continued(const Case& c, uint32_t size, uint32_t steps, const TrainedBytes& bytes) {
  TrainedBytes result;
  ThreadRanks(size).run([&](Ranks& ranks) {
    const auto subject = c.make({&ranks, 4});
    const std::vector<hal::BufferPtr> memory = memory_of(*subject);
    for (size_t i = 0; i < bytes.bytes.size(); ++i) {
      subject->device->write(*memory[i], bytes.bytes[i]);
    }
    subject->trainer().resume_at(bytes.step);
    subject->trainer().run_steps(steps);
    const TrainedBytes mine = saved(*subject);
    if (ranks.rank() == 0) result = mine;
  });
  return result;
}

TEST(ShardedTraining, ResumesExactlyOnAnotherNumberOfRanks) {
  for (const Case& c : cases_with_statistics()) {
    const TrainedBytes four = continued(c, 4, 7, {});
    const TrainedBytes one = continued(c, 1, 6, continued(c, 2, 7, four));
    EXPECT_EQ(one, continued(c, 1, 20, {})) << c.name;
  }
}

TEST(ShardedTraining, FindsTheFirstBadNumberOfAnyShard) {
  VaeSubject<> subject({.shards = 4});
  expect_finds_nan(*subject.device, subject, subject.parameters_);
}

}  // namespace
}  // namespace pumice::test
