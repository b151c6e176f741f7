#include "engine/hal/null/null_device.h"

#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/hal/host_readback.h"
#include "engine/hal/validate.h"

namespace pumice::hal::null {
namespace {

constexpr uint64_t kBufferGranularity = 16;

class NullBuffer final : public Buffer {
 public:
  NullBuffer(uint64_t bytes, std::string_view label, std::shared_ptr<Counts> counts)
      : bytes_(bytes), label_(label), counts_(std::move(counts)) {
    counts_->allocations += 1;
    counts_->allocated_bytes += bytes;
    counts_->live_bytes += bytes;
  }
  ~NullBuffer() override { counts_->live_bytes -= bytes_; }

  uint64_t bytes() const override { return bytes_; }
  std::string_view label() const override { return label_; }

  void write(std::span<const std::byte> bytes) {
    if (content_.size() < bytes.size()) content_.resize(bytes.size());
    std::ranges::copy(bytes, content_.begin());
  }
  std::vector<std::byte> content(ByteRange range) const {
    std::vector<std::byte> all = content_;
    all.resize(bytes_);
    auto first = all.begin() + static_cast<ptrdiff_t>(range.offset);
    return {first, first + static_cast<ptrdiff_t>(range.bytes)};
  }

 private:
  uint64_t bytes_;
  std::string label_;
  std::vector<std::byte> content_;  // only as much as was written: huge buffers cost nothing
  std::shared_ptr<Counts> counts_;  // buffers may outlive the device
};

struct NullProgram final : Program {
  explicit NullProgram(const Plan& plan)
      : dispatches(plan.dispatches.size()), buffers(plan.buffers) {}
  uint64_t dispatches;
  std::vector<BufferPtr> buffers;
};

class Implementation final : public NullDevice {
 public:
  explicit Implementation(Limits limits) : limits_(std::move(limits)) {
    if (limits_.device_name.empty()) limits_.device_name = "null";
    if (limits_.driver.empty()) limits_.driver = "null";
    if (limits_.api.empty()) limits_.api = "null";
  }

  BufferPtr allocate(uint64_t bytes, std::string_view label) override {
    bytes = round_up(std::max<uint64_t>(bytes, 1), kBufferGranularity);
    uint64_t total = counts_->live_bytes + bytes;
    if (bytes > limits_.max_buffer_bytes ||
        (limits_.memory_bytes != 0 && total > limits_.memory_bytes)) {
      throw OutOfMemory(fmt::format("out of memory: '{}' needs {} bytes on {}", label, bytes,
                                    limits_.device_name));
    }
    return std::make_shared<NullBuffer>(bytes, label, counts_);
  }

  std::unique_ptr<Program> compile(const Plan& plan) override {
    require_valid(plan, limits_);
    counts_->programs += 1;
    return std::make_unique<NullProgram>(plan);
  }

  void write(Buffer& to, std::span<const std::byte> bytes) override {
    require_fits(to, bytes.size());
    counts_->writes += 1;
    dynamic_cast<NullBuffer&>(to).write(bytes);
  }

  void run(Program& program) override {
    counts_->runs += 1;
    counts_->dispatches += dynamic_cast<NullProgram&>(program).dispatches;
  }

  std::unique_ptr<Readback> read(const Buffer& from, ByteRange range) override {
    range = range_within(from, range, "read");
    counts_->reads += 1;
    return std::make_unique<HostReadback>(dynamic_cast<const NullBuffer&>(from).content(range));
  }

  const Limits& limits() const override { return limits_; }
  Counts counts() const override { return *counts_; }

 private:
  Limits limits_;
  std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
};

}  // namespace

std::unique_ptr<NullDevice> create_device(Limits limits) {
  return std::make_unique<Implementation>(std::move(limits));
}

}  // namespace pumice::hal::null
