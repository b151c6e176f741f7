#include "engine/hal/webgpu/device.h"

#include <algorithm>

#include "engine/hal/validate.h"
#include "engine/hal/webgpu/program.h"
#include "engine/hal/webgpu/readback.h"

namespace pumice::hal::webgpu {
namespace {

uint32_t small_limit(BrowserLimit limit) {
  return static_cast<uint32_t>(std::min(pumice_gpu_limit(limit), 4294967295.0));
}

Limits find_limits() {
  char adapter[256];
  pumice_gpu_adapter(adapter, sizeof adapter);
  Limits limits;
  limits.device_name = adapter;
  limits.driver = "browser";
  limits.api = "WebGPU";
  limits.type = pumice_gpu_limit(kIsFallback) != 0 ? DeviceType::kCpu : DeviceType::kOther;
  limits.max_binding_bytes = static_cast<uint64_t>(pumice_gpu_limit(kMaxBindingBytes));
  limits.max_buffer_bytes = static_cast<uint64_t>(pumice_gpu_limit(kMaxBufferBytes));
  limits.buffer_offset_alignment = small_limit(kStorageAlignment);
  limits.max_bindings = small_limit(kMaxBindings);
  limits.max_group_threads = small_limit(kMaxGroupThreads);
  limits.max_shared_bytes = small_limit(kMaxSharedBytes);
  limits.max_groups = small_limit(kMaxGroups);
  limits.prefers = preferences_of(limits);
  return limits;
}

Limits open() {
  require(pumice_gpu_open() != 0, "webgpu: this page has no WebGPU device");
  return find_limits();
}

}  // namespace

WebGpuDevice::WebGpuDevice(const Options& options) : options_(options), limits_(open()) {}

BufferPtr WebGpuDevice::allocate(uint64_t bytes, std::string_view label) {
  check_device();
  return std::make_shared<Buffer>(limits_, bytes, label);
}

std::unique_ptr<hal::Program> WebGpuDevice::compile(const Plan& plan) {
  check_device();
  require_valid(plan, limits_);
  return std::make_unique<Program>(pipelines_, plan);
}

void WebGpuDevice::write(hal::Buffer& to, std::span<const std::byte> bytes) {
  check_device();
  const Buffer& buffer = own_buffer(to, "write");
  require_fits(buffer, bytes.size());
  pumice_gpu_write(buffer.handle(), bytes.data(), static_cast<double>(bytes.size()));
}

void WebGpuDevice::run(hal::Program& program) {
  check_device();
  auto* own = dynamic_cast<Program*>(&program);
  require(own, "run: the program belongs to another device");
  pumice_gpu_run(own->handle());
}

std::unique_ptr<hal::Readback> WebGpuDevice::read(const hal::Buffer& from, ByteRange range) {
  check_device();
  const Buffer& buffer = own_buffer(from, "read");
  return std::make_unique<Readback>(buffer, range_within(buffer, range, "read"), options_.wait);
}

MemoryUse memory_use() {
  return {static_cast<uint64_t>(pumice_gpu_memory(0)), static_cast<uint64_t>(pumice_gpu_memory(1))};
}

std::unique_ptr<Device> create_device(const Options& options) {
  return std::make_unique<WebGpuDevice>(options);
}

}  // namespace pumice::hal::webgpu
