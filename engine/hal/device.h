#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/require.h"
#include "engine/hal/byte_range.h"
#include "engine/hal/plan.h"
#include "engine/hal/preferences.h"

namespace pumice::hal {

class Tuning;

/// The device stopped working (it was reset or removed, or a dispatch ran for too long). Its
/// buffers and programs are no longer usable; a new device may work.
class DeviceLost : public Error {
 public:
  using Error::Error;
};

/// An allocation did not fit. The device remains usable.
class OutOfMemory : public Error {
 public:
  using Error::Error;
};

/// The alignment of bindings that share a buffer, valid on any device: WebGPU's default, which is
/// also the largest that Vulkan allows a driver to require.
inline constexpr uint64_t kBindingAlignment = 256;

enum class DeviceType : uint8_t { kDiscreteGpu, kIntegratedGpu, kVirtualGpu, kCpu, kOther };

/// The matrices that a subgroup multiplies at once: [rows, terms] · [terms, columns].
struct MatrixSize {
  uint32_t rows = 0;
  uint32_t columns = 0;
  uint32_t terms = 0;
};

/// What a device is, its limits, and what it does best. Plain data: lowering and kernel selection
/// read only this, so both can be tested without a device.
struct Limits {
  std::string device_name;
  std::string driver;  ///< name and version; together with device_name the key of every cache
  std::string api;     ///< "Vulkan 1.3.230", "WebGPU", "null"
  DeviceType type = DeviceType::kOther;     ///< for display; its consequences are in `prefers`
  uint64_t max_binding_bytes = 128u << 20;  ///< of one storage binding
  uint64_t max_buffer_bytes = 1ull << 30;
  uint64_t memory_bytes = 0;        ///< of the largest device-local heap; 0 if unknown
  uint32_t max_texel_elements = 0;  ///< of a uniform texel buffer, in RGBA32F elements
  uint32_t buffer_offset_alignment = 256;
  uint32_t max_bindings = 8;
  uint32_t max_params_bytes = 64;
  uint32_t max_group_threads = 256;
  uint32_t max_shared_bytes = 16384;
  uint32_t max_groups = 65535;  ///< along each axis of a grid
  uint32_t subgroup_size = 0;   ///< 0 if unknown or varying
  uint32_t features = 0;        ///< a set of Feature bits
  MatrixSize matrix_size = {};  ///< of Feature::kCooperativeMatrix
  bool has_barriers = true;     ///< runs kernels with barriers
  uint32_t threads = 0;         ///< that run kernels, of a CPU device; otherwise 0
  Preferences prefers = {};
  std::shared_ptr<Tuning> tuning = nullptr;  ///< measured choices; null: fixed rules alone
};

constexpr bool has(const Limits& limits, Feature feature) {
  return (limits.features & static_cast<uint32_t>(feature)) != 0;
}

/// Device memory. Freed with the last reference, once the device has finished the work that uses
/// it.
class Buffer {
 public:
  virtual ~Buffer() = default;
  virtual uint64_t bytes() const = 0;
  virtual std::string_view label() const = 0;
};

/// The memory of a device's buffers.
struct MemoryUse {
  uint64_t buffers = 0;  ///< their number
  uint64_t bytes = 0;
};

/// A plan that is ready to run: pipelines built, descriptors written, commands recorded.
class Program {
 public:
  virtual ~Program() = default;
};

/// A copy to the host in progress.
class Readback {
 public:
  virtual ~Readback() = default;
  /// Never blocks. Throws Error if the device was lost.
  virtual bool ready() = 0;
  /// The bytes. Native builds wait until they arrive; in a browser, call it only when ready().
  virtual std::vector<std::byte> take() = 0;
};

/// The whole contract: six calls. Queue operations (write, run, read) take effect in call order;
/// none of them waits for the device, except to limit the work in flight. Every call can throw
/// Error: device lost, out of memory, a plan that validate() rejects.
class Device {
 public:
  virtual ~Device() = default;
  /// Zero-filled memory of at least `bytes` (rounded up to 16).
  virtual BufferPtr allocate(uint64_t bytes, std::string_view label) = 0;
  virtual std::unique_ptr<Program> compile(const Plan& plan) = 0;

  /// Copies `bytes` to the start of `to`; the span may be released on return.
  virtual void write(Buffer& to, std::span<const std::byte> bytes) = 0;
  virtual void run(Program& program) = 0;
  /// Starts a copy of a range to the host.
  virtual std::unique_ptr<Readback> read(const Buffer& from, ByteRange range) = 0;
  std::unique_ptr<Readback> read(const Buffer& from) { return read(from, {}); }

  virtual const Limits& limits() const = 0;
};

}  // namespace pumice::hal
