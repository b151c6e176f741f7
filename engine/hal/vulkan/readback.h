#pragma once

#include "engine/hal/vulkan/buffer.h"

namespace pumice::hal::vulkan {

/// A copy of a range of a buffer, submitted on construction.
class Readback final : public hal::Readback {
 public:
  Readback(std::shared_ptr<Queue> queue, const Buffer& from, ByteRange range);
  ~Readback() override;

  bool ready() override;
  std::vector<std::byte> take() override;

 private:
  std::shared_ptr<Queue> queue_;
  std::shared_ptr<Memory> memory_;
  uint64_t number_ = 0;  // of the submission with the copy
};

}  // namespace pumice::hal::vulkan
