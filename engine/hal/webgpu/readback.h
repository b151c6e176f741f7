#pragma once

#include <functional>

#include "engine/hal/webgpu/buffer.h"

namespace pumice::hal::webgpu {

/// A copy of a range of a buffer, submitted on construction.
class Readback final : public hal::Readback {
 public:
  Readback(const Buffer& from, ByteRange range, std::function<void()> wait);

  bool ready() override;
  /// Throws Error before ready(), unless Options::wait is set.
  std::vector<std::byte> take() override;

 private:
  std::string label_;
  uint64_t bytes_;
  std::function<void()> wait_;
  Handle handle_;
};

}  // namespace pumice::hal::webgpu
