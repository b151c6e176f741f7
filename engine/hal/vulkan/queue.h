#pragma once

#include <deque>
#include <memory>
#include <span>

#include "engine/hal/vulkan/context.h"
#include "engine/hal/vulkan/handle.h"

namespace pumice::hal::vulkan {

/// Submissions to one queue, numbered 1, 2, 3 … by a timeline semaphore. Copies and fills are
/// collected in one open command buffer, which goes out with the next submission.
class Queue {
 public:
  Queue(std::shared_ptr<Context> context, uint32_t max_pending);
  ~Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  const Context& context() const { return *context_; }

  /// The open command buffer, with a barrier between all earlier work and the copy that the caller
  /// records next.
  VkCommandBuffer begin_copy();

  /// Submits the open copies, then `programs`. Waits if too many submissions are pending.
  /// Returns the number that the timeline reaches when this is done.
  uint64_t submit(std::span<const VkCommandBuffer> programs = {});

  uint64_t next() const { return last_ + 1; }  ///< the number of the next submission
  uint64_t completed();                        ///< the last number that the device has finished
  void wait(uint64_t number);
  void finish();  ///< submits open copies and waits for everything

  /// Keeps `object` until the device is done with all work recorded so far.
  void retire(std::shared_ptr<void> object);
  /// Drops retired objects that the device is done with.
  void collect();

 private:
  struct Commands {
    VkCommandBuffer buffer;
    uint64_t number;
  };
  struct Retired {
    std::shared_ptr<void> object;
    uint64_t number;
  };

  VkCommandBuffer reuse_or_allocate();
  void close_copies();

  std::shared_ptr<Context> context_;
  uint32_t max_pending_;
  Handle<VkSemaphore> timeline_;
  Handle<VkCommandPool> pool_;
  VkCommandBuffer open_ = VK_NULL_HANDLE;
  std::deque<Commands> in_flight_;
  std::deque<Retired> retired_;
  uint64_t last_ = 0;
  uint64_t completed_ = 0;
};

/// Records a barrier: commands that follow, in `stages` and with `access`, wait for everything
/// submitted or recorded before and see its writes.
void order_after_everything(const Context& context, VkCommandBuffer commands,
                            VkPipelineStageFlags stages, VkAccessFlags access);

}  // namespace pumice::hal::vulkan
