#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/support/errors.h"
#include "tests/train/shared_training.h"

namespace pumice::test {
namespace {

using train::Parallel;
using train::Ranks;

TEST(SharedTraining, GivesWhatOneRankGives) {
  for (const Case& c : cases()) {
    const Trained alone = trained(c.make, 1, 100)[0];
    for (uint32_t size : {2, 3, 4}) {
      const std::string where = fmt::format("{}, {} ranks", c.name, size);
      const Trained together = trained(c.make, size, 100)[0];
      ASSERT_EQ(together.steps.size(), alone.steps.size());
      for (size_t i = 0; i < alone.steps.size(); ++i) {
        expect_near(together.steps[i], alone.steps[i], where);
      }
      expect_near(together.test, alone.test, where + " test");
      for (size_t i = 0; i < alone.bytes.bytes.size(); ++i) {
        EXPECT_LT(largest_difference(together.bytes.bytes[i], alone.bytes.bytes[i]), 1e-5)
            << where << " memory " << i;
      }
    }
  }
}

TEST(SharedTraining, LeavesTheSameBytesOnAllRanksAndEveryTime) {
  for (const Case& c : cases()) {
    const std::vector<Trained> first = trained(c.make, 3, 20);
    EXPECT_EQ(first, trained(c.make, 3, 20)) << c.name;
    EXPECT_EQ(first[1], first[0]) << c.name;
    EXPECT_EQ(first[2], first[0]) << c.name;
  }
}

TEST(SharedTraining, NormalisesByTheRowsOfARank) {
  const Make make = gan(gan_options(models::GanLoss::kNonSaturating), true);
  const std::vector<Trained> first = trained(make, 2, 20);
  EXPECT_EQ(first, trained(make, 2, 20));
  EXPECT_EQ(first[1], first[0]);  // after a test, which takes the running statistics of rank 0
  EXPECT_NE(first[0].bytes, trained(make, 1, 20)[0].bytes);
}

TEST(SharedTraining, NormalisesByTheWholeBatchIfTold) {
  // Adam would make whole steps of gradients that are zero but for rounding, as before batch norm.
  models::GanOptions options = gan_options(models::GanLoss::kHinge);
  options.generator = {.method = optim::Method::kSgd, .learning_rate = 0.05};
  options.discriminator = options.generator;
  const Make make = gan(options, true);
  const Trained alone = trained(make, 1, 24)[0];
  for (uint32_t size : {2, 3}) {
    const std::vector<Trained> together = trained(make, size, 24, {.sync_batch_norm = true});
    EXPECT_EQ(together[1], together[0]);
    for (size_t i = 0; i < alone.steps.size(); ++i) {
      expect_near(together[0].steps[i], alone.steps[i], fmt::format("{} ranks", size));
    }
    for (size_t i = 0; i < 3; ++i) {  // parameters, with the running statistics
      EXPECT_LT(largest_difference(together[0].bytes.bytes[i], alone.bytes.bytes[i]), 1e-4);
    }
  }
}

TEST(SharedTraining, ResumesExactlyOnTheSameNumberOfRanks) {
  for (const Case& c : cases()) {
    const std::vector<Trained> whole = trained(c.make, 2, 20);
    TrainedBytes half;
    std::vector<Trained> resumed(2);
    ThreadRanks(2).run([&](Ranks& ranks) {
      const auto subject = c.make({&ranks});
      subject->trainer().run_steps(7);
      const TrainedBytes mine = saved(*subject);
      if (ranks.rank() == 0) half = mine;
    });
    ThreadRanks(2).run([&](Ranks& ranks) {
      const auto subject = c.make({&ranks});
      const std::vector<hal::BufferPtr> memory = memory_of(*subject);
      for (size_t i = 0; i < memory.size(); ++i) subject->device->write(*memory[i], half.bytes[i]);
      subject->trainer().resume_at(half.step);
      subject->trainer().run_steps(13);
      resumed[ranks.rank()] = finish(*subject);
    });
    EXPECT_EQ(resumed, whole) << c.name;
  }
}

TEST(SharedTraining, ReportsAndStopsAtTheSameStep) {
  std::vector<uint32_t> steps(2);
  ThreadRanks(2).run([&](Ranks& ranks) {
    const auto subject = make<VaeSubject<>>()({&ranks});
    subject->trainer().run_epoch([&](const train::Progress&) { return !ranks.any(true); });
    steps[ranks.rank()] = subject->trainer().step();
  });
  EXPECT_EQ(steps[0], steps[1]);
  EXPECT_LT(steps[0], kStepsPerEpoch);
}

TEST(SharedTraining, NamesTheRankOfTheFirstBadNumber) {
  std::vector<std::string> messages(2);
  ThreadRanks(2).run([&](Ranks& ranks) {
    const auto subject = make<VaeSubject<>>()({&ranks});
    const nn::Parameters& parameters = *subject->parameters()[0];
    std::vector<std::byte> bytes = subject->device->read(*parameters.buffer())->take();
    const float nan = std::nanf("");
    if (ranks.rank() == 1) std::memcpy(bytes.data(), &nan, sizeof(nan));
    subject->device->write(*parameters.buffer(), bytes);
    messages[ranks.rank()] = error_of([&] { subject->trainer().run_epoch(keep_going); });
  });
  EXPECT_TRUE(
      messages[0].starts_with("training stopped at step 1: the loss is not finite; first in "))
      << messages[0];
  EXPECT_TRUE(messages[0].ends_with(" on rank 1")) << messages[0];
  EXPECT_EQ(messages[1], messages[0]);
}

TEST(SharedTraining, AveragesAfterStepsOfItsOwn) {
  for (const Case& c : cases()) {
    const std::vector<Trained> first = trained(c.make, 3, 24, {.sync_every = 5});
    EXPECT_EQ(first, trained(c.make, 3, 24, {.sync_every = 5})) << c.name;
    EXPECT_EQ(first[1], first[0]) << c.name;
    EXPECT_NE(first[0].bytes, trained(c.make, 3, 24)[0].bytes) << c.name;
    for (const Metrics& step : first[0].steps) {
      for (const Metric& metric : step) EXPECT_TRUE(std::isfinite(metric.value)) << c.name;
    }
  }
}

TEST(SharedTraining, NeedsAnImageForEachRank) {
  ThreadRanks(kBatch + 1).run([](Ranks& ranks) {
    EXPECT_EQ(error_of([&] { make<VaeSubject<>>()({&ranks}); }),
              "vae: expected a batch of at least 17 images, one for each rank, got 16");
  });
}

}  // namespace
}  // namespace pumice::test
