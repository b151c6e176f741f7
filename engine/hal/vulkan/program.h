#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/hal/pieces.h"
#include "engine/hal/vulkan/buffer.h"
#include "engine/hal/vulkan/pipelines.h"

namespace pumice::hal::vulkan {

class Recording;

/// A plan with its pipelines built, its descriptors written and its commands recorded once. It can
/// be submitted any number of times, even while earlier runs are in flight.
///
/// With SubmissionLimits::seconds, the first run measures: it submits each dispatch in pieces, of
/// which the first are so small that none should take long, and waits for them. The commands for
/// later runs are divided by what was measured.
class Program final : public hal::Program {
 public:
  Program(std::shared_ptr<Queue> queue, std::shared_ptr<Pipelines> pipelines, const Plan& plan,
          const SubmissionLimits& limits);
  ~Program() override;

  void run();
  /// DeviceClock::run_timed().
  std::optional<double> run_timed();
  bool belongs_to(const Queue& queue) const { return queue_.get() == &queue; }

 private:
  std::vector<double> run_and_measure();
  double run_and_measure(size_t dispatch);
  double seconds_of(std::span<const Piece> pieces);
  void record(const Plan& plan, std::span<const double> seconds);

  std::shared_ptr<Queue> queue_;
  std::shared_ptr<Pipelines> pipelines_;
  std::vector<BufferPtr> buffers_;  // kept alive as long as the program
  SubmissionLimits limits_;
  std::shared_ptr<Recording> recording_;
  std::vector<VkCommandBuffer> commands_;  ///< in submission order
  std::optional<Plan> unmeasured_;         ///< until the first run
};

}  // namespace pumice::hal::vulkan
