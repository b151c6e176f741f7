#include "engine/hal/webgpu/readback.h"

namespace pumice::hal::webgpu {

Readback::Readback(const Buffer& from, ByteRange range, std::function<void()> wait)
    : label_(from.label()),
      bytes_(range.bytes),
      wait_(std::move(wait)),
      handle_(pumice_gpu_read(from.handle(), static_cast<double>(range.offset),
                              static_cast<double>(range.bytes))) {}

bool Readback::ready() {
  check_device();
  return pumice_gpu_read_is_ready(handle_.index()) != 0;
}

std::vector<std::byte> Readback::take() {
  while (!ready()) {
    require(wait_ != nullptr, "take: the copy of '{}' is not ready, and a page cannot wait",
            label_);
    wait_();
  }
  std::vector<std::byte> bytes(bytes_);
  pumice_gpu_read_take(handle_.index(), bytes.data());
  return bytes;
}

}  // namespace pumice::hal::webgpu
