#include "engine/hal/vulkan/device.h"

#include <algorithm>

#include "engine/base/cache_folder.h"
#include "engine/hal/validate.h"
#include "engine/hal/vulkan/buffer.h"
#include "engine/hal/vulkan/memory.h"
#include "engine/hal/vulkan/program.h"
#include "engine/hal/vulkan/readback.h"

namespace pumice::hal::vulkan {
namespace {

std::filesystem::path pipelines_folder(const Options& options) {
  if (!options.cache_folder.empty()) return options.cache_folder;
  const std::filesystem::path cache = pumice::cache_folder();
  return cache.empty() ? cache : cache / "pipelines";
}

/// In the order of list_devices().
std::vector<PhysicalDevice> physical_devices(const Instance& instance) {
  std::vector<PhysicalDevice> devices;
  for (VkPhysicalDevice handle : instance.physical_devices()) devices.push_back(inspect(handle));
  std::ranges::stable_sort(devices, [](const PhysicalDevice& a, const PhysicalDevice& b) {
    return before(a.limits, b.limits);
  });
  return devices;
}

std::vector<DeviceInfo> describe(const std::vector<PhysicalDevice>& devices) {
  std::vector<DeviceInfo> infos;
  for (const PhysicalDevice& device : devices) {
    infos.push_back({.index = static_cast<uint32_t>(infos.size()),
                     .limits = device.limits,
                     .rejected = device.rejected});
  }
  return infos;
}

void apply(const Options& options, Limits& limits) {
  limits.features &= ~options.disabled_features;
  if (options.disabled_features & static_cast<uint32_t>(Feature::kTexelBuffer))
    limits.max_texel_elements = 0;
  limits.prefers = preferences_of(limits);
  limits.prefers.disabled = options.disabled_cores;
  limits.prefers.host_memory = options.host_memory;
}

SubmissionLimits submission_limits(const Context& context, const Options& options) {
  const bool is_short = context.limits().prefers.short_submissions;
  return {.dispatches = std::max(options.dispatches_per_submit, 1u),
          .seconds = options.seconds_per_submit.value_or(is_short ? 1 : 0)};
}

}  // namespace

VulkanDevice::VulkanDevice(std::shared_ptr<Context> context, const Options& options)
    : context_(std::move(context)),
      queue_(std::make_shared<Queue>(context_, std::max(options.max_pending_submits, 1u))),
      pipelines_(std::make_shared<Pipelines>(context_, pipelines_folder(options),
                                             submission_limits(*context_, options).seconds > 0)),
      staging_(*queue_),
      submission_limits_(submission_limits(*context_, options)) {}

VulkanDevice::~VulkanDevice() {
  // Staging and pipelines are destroyed now; what buffers and programs still hold is destroyed with
  // them.
  context_->vk.vkQueueWaitIdle(context_->queue());
}

BufferPtr VulkanDevice::allocate(uint64_t bytes, std::string_view label) {
  return std::make_shared<Buffer>(queue_, bytes, label);
}

std::unique_ptr<hal::Program> VulkanDevice::compile(const Plan& plan) {
  require_valid(plan, limits());
  for (const BufferPtr& buffer : plan.buffers) own_buffer(*buffer, *queue_, "compile");
  return std::make_unique<Program>(queue_, pipelines_, plan, submission_limits_);
}

void VulkanDevice::write(hal::Buffer& to, std::span<const std::byte> bytes) {
  const Buffer& buffer = own_buffer(to, *queue_, "write");
  require_fits(buffer, bytes.size());
  for (size_t offset = 0; offset < bytes.size(); offset += Staging::kBlockBytes) {
    size_t count = std::min<size_t>(Staging::kBlockBytes, bytes.size() - offset);
    Staging::Slice slice = staging_.put(bytes.subspan(offset, count));
    VkBufferCopy range = {.srcOffset = slice.offset, .dstOffset = offset, .size = count};
    context_->vk.vkCmdCopyBuffer(queue_->begin_copy(), slice.buffer, buffer.handle(), 1, &range);
  }
}

Program& VulkanDevice::own(hal::Program& program) const {
  auto* own = dynamic_cast<Program*>(&program);
  require(own && own->belongs_to(*queue_), "run: the program belongs to another device");
  return *own;
}

void VulkanDevice::run(hal::Program& program) { own(program).run(); }

std::optional<double> VulkanDevice::run_timed(hal::Program& program) {
  return own(program).run_timed();
}

std::unique_ptr<hal::Readback> VulkanDevice::read(const hal::Buffer& from, ByteRange range) {
  const Buffer& buffer = own_buffer(from, *queue_, "read");
  return std::make_unique<Readback>(queue_, buffer, range_within(buffer, range, "read"));
}

bool VulkanDevice::has_other_host_memory() const {
  return memory_type_of_kernels(*context_, false) != memory_type_of_kernels(*context_, true);
}

const Limits& VulkanDevice::limits() const { return context_->limits(); }

std::vector<DeviceInfo> list_devices() {
  Instance instance(false, {});
  return describe(physical_devices(instance));
}

std::unique_ptr<Device> create_device(const Options& options) {
  auto instance = std::make_shared<Instance>(options.validation, options.on_message);
  std::vector<PhysicalDevice> devices = physical_devices(*instance);
  PhysicalDevice chosen = devices[choose(describe(devices), options.device).index];
  apply(options, chosen.limits);
  auto context = std::make_shared<Context>(instance, chosen);
  return std::make_unique<VulkanDevice>(context, options);
}

bool has_other_host_memory(const Device& device) {
  const auto* own = dynamic_cast<const VulkanDevice*>(&device);
  require(own, "has_other_host_memory: not a Vulkan device");
  return own->has_other_host_memory();
}

}  // namespace pumice::hal::vulkan
