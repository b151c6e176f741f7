#include "engine/hal/cpu/device.h"

#include <chrono>
#include <cstdlib>
#include <cstring>

#include "engine/base/version.h"
#include "engine/hal/cpu/instruction_set.h"
#include "engine/hal/cpu/processor.h"
#include "engine/hal/cpu/program.h"
#include "engine/hal/host_readback.h"
#include "engine/hal/validate.h"

namespace pumice::hal::cpu {
namespace {

// Kernels count elements in 32 bits. A buffer of more bytes than that still has fewer elements.
constexpr uint64_t kMostBytes = sizeof(void*) == 8 ? uint64_t{8} << 30 : uint64_t{1} << 30;

constexpr const char* kInstructions = "PUMICE_CPU_INSTRUCTIONS";

}  // namespace

Limits limits_of(size_t set) {
  Limits limits{.device_name = processor_name(),
                .driver = fmt::format("pumice {}, {}", version(), instruction_sets()[set].name),
                .api = "C++",
                .type = DeviceType::kCpu,
                .max_binding_bytes = kMostBytes,
                .max_buffer_bytes = kMostBytes,
                .memory_bytes = memory_bytes(),
                .buffer_offset_alignment = 64,
                .max_bindings = 16,
                .max_group_threads = 1024,
                .features = static_cast<uint32_t>(Feature::kCpuCode),
                .has_barriers = false};
  limits.prefers = preferences_of(limits);
  return limits;
}

size_t set_of(const Options& options) {
  const char* variable = std::getenv(kInstructions);
  if (!options.instructions.empty() || variable == nullptr) {
    return choose_instruction_set(options.instructions);
  }
  return choose_instruction_set(variable);
}

void require_valid_variables() {
  default_threads();
  const char* variable = std::getenv(kInstructions);
  if (variable == nullptr || *variable == '\0') return;
  try {
    choose_instruction_set(variable);
  } catch (const Error& error) {
    fail("{}: {}", kInstructions, error.what());
  }
}

CpuDevice::CpuDevice(const Options& options)
    : set_(set_of(options)),
      limits_(limits_of(set_)),
      pool_(options.threads != 0 ? options.threads : default_threads()) {
  limits_.threads = pool_.threads();
  limits_.prefers.disabled = options.disabled_cores;
}

BufferPtr CpuDevice::allocate(uint64_t bytes, std::string_view label) {
  return std::make_shared<Buffer>(limits_, bytes, label);
}

std::unique_ptr<hal::Program> CpuDevice::compile(const Plan& plan) {
  require_valid(plan, limits_);
  return std::make_unique<Program>(plan, set_);
}

void CpuDevice::write(hal::Buffer& to, std::span<const std::byte> bytes) {
  const Buffer& buffer = own_buffer(to, "write");
  require_fits(buffer, bytes.size());
  if (!bytes.empty()) std::memcpy(buffer.data(), bytes.data(), bytes.size());
}

void CpuDevice::run(hal::Program& program) {
  auto* own = dynamic_cast<Program*>(&program);
  require(own, "run: the program belongs to another device");
  own->run(pool_);
}

std::optional<double> CpuDevice::run_timed(hal::Program& program) {
  const auto begin = std::chrono::steady_clock::now();
  run(program);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::unique_ptr<Readback> CpuDevice::read(const hal::Buffer& from, ByteRange range) {
  const Buffer& buffer = own_buffer(from, "read");
  range = range_within(buffer, range, "read");
  const std::byte* begin = buffer.data() + range.offset;
  return std::make_unique<HostReadback>(std::vector<std::byte>(begin, begin + range.bytes));
}

Limits describe(const Options& options) { return limits_of(set_of(options)); }

std::unique_ptr<Device> create_device(const Options& options) {
  return std::make_unique<CpuDevice>(options);
}

}  // namespace pumice::hal::cpu
