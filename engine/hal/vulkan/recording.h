#pragma once

#include <span>
#include <vector>

#include "engine/hal/pieces.h"
#include "engine/hal/vulkan/descriptors.h"
#include "engine/hal/vulkan/pipelines.h"

namespace pumice::hal::vulkan {

/// The Vulkan objects of a program: descriptors and recorded commands.
class Recording {
 public:
  Recording(const Context& context, const Pipelines& pipelines, const Plan& plan);
  ~Recording() = default;
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  /// Commands for one submission, which may be submitted any number of times. `plan`: the
  /// constructor's.
  VkCommandBuffer record(const Plan& plan, std::span<const Piece> pieces);
  /// Frees all commands; the device must be done with them.
  void clear();

 private:
  VkCommandBuffer allocate();
  void record_piece(VkCommandBuffer commands, const Dispatch& dispatch, const Piece& piece);
  void record_barrier(VkCommandBuffer commands);

  const Context& context_;
  const Pipelines& pipelines_;
  Descriptors descriptors_;
  std::vector<bool> barriers_;
  Handle<VkCommandPool> pool_;
  std::vector<VkCommandBuffer> commands_;
};

}  // namespace pumice::hal::vulkan
