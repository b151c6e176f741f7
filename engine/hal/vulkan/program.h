#pragma once

#include <memory>
#include <vector>

#include "engine/hal/vulkan/buffer.h"
#include "engine/hal/vulkan/pipelines.h"

namespace pumice::hal::vulkan {

/// The Vulkan objects of a program: descriptors and recorded commands.
class Recording;

/// A plan with its pipelines built, its descriptors written and its commands recorded once. It can
/// be submitted any number of times, even while earlier runs are in flight.
class Program final : public hal::Program {
 public:
  Program(std::shared_ptr<Queue> queue, std::shared_ptr<Pipelines> pipelines, const Plan& plan,
          uint32_t dispatches_per_submit);
  ~Program() override;

  /// Command buffers in submission order.
  const std::vector<VkCommandBuffer>& commands() const;
  bool belongs_to(const Queue& queue) const { return queue_.get() == &queue; }

 private:
  std::shared_ptr<Queue> queue_;
  std::shared_ptr<Pipelines> pipelines_;
  std::vector<BufferPtr> buffers_;  // kept alive as long as the program
  std::shared_ptr<Recording> recording_;
};

}  // namespace pumice::hal::vulkan
