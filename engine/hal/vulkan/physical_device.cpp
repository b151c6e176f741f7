#include "engine/hal/vulkan/physical_device.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

namespace pumice::hal::vulkan {
namespace {

// No kernel has as many; more would only make descriptor sets larger.
constexpr uint32_t kMaxBindings = 32;
constexpr uint32_t kMaxParamsBytes = 256;
constexpr uint32_t kMinOffsetAlignment = 16;  // one texel, one vec4

struct Properties {
  VkPhysicalDeviceProperties2 base = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
  VkPhysicalDeviceVulkan11Properties v11 = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES};
  VkPhysicalDeviceVulkan12Properties v12 = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES};
  VkPhysicalDeviceSubgroupSizeControlProperties subgroups = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES};
};

struct Features {
  VkPhysicalDeviceFeatures2 base = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2};
  VkPhysicalDeviceVulkan12Features v12 = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
  VkPhysicalDeviceSubgroupSizeControlFeatures subgroups = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES};
  VkPhysicalDeviceCooperativeMatrixFeaturesKHR matrices = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR};
};

class Extensions {
 public:
  explicit Extensions(VkPhysicalDevice device) {
    uint32_t count = 0;
    vkEnumerateDeviceExtensionProperties(device, nullptr, &count, nullptr);
    list_.resize(count);
    vkEnumerateDeviceExtensionProperties(device, nullptr, &count, list_.data());
  }
  bool has(const char* name) const {
    return std::ranges::any_of(list_, [&](const VkExtensionProperties& extension) {
      return std::strcmp(extension.extensionName, name) == 0;
    });
  }

 private:
  std::vector<VkExtensionProperties> list_;
};

void query(VkPhysicalDevice device, const Extensions& extensions, Properties& properties,
           Features& features) {
  properties.base.pNext = &properties.v11;
  properties.v11.pNext = &properties.v12;
  features.base.pNext = &features.v12;
  if (extensions.has(VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME)) {
    properties.v12.pNext = &properties.subgroups;
    features.v12.pNext = &features.subgroups;
  }
  if (extensions.has(VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME)) {
    features.matrices.pNext = features.base.pNext;
    features.base.pNext = &features.matrices;
  }
  vkGetPhysicalDeviceProperties2(device, &properties.base);
  vkGetPhysicalDeviceFeatures2(device, &features.base);
}

DeviceType device_type(VkPhysicalDeviceType type) {
  switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
      return DeviceType::kDiscreteGpu;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return DeviceType::kIntegratedGpu;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
      return DeviceType::kVirtualGpu;
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
      return DeviceType::kCpu;
    default:
      return DeviceType::kOther;
  }
}

std::string version_text(uint32_t version) {
  return fmt::format("{}.{}.{}", VK_API_VERSION_MAJOR(version), VK_API_VERSION_MINOR(version),
                     VK_API_VERSION_PATCH(version));
}

/// "llvmpipe Mesa 22.3.6 (LLVM 15.0.6)": the name, and the version as the driver formats it.
std::string driver_text(const Properties& properties) {
  std::string_view info = properties.v12.driverInfo;
  return fmt::format("{} {}", properties.v12.driverName,
                     info.empty() ? version_text(properties.base.properties.driverVersion) : info);
}

uint64_t device_local_bytes(VkPhysicalDevice device) {
  VkPhysicalDeviceMemoryProperties memory;
  vkGetPhysicalDeviceMemoryProperties(device, &memory);
  uint64_t largest = 0;
  for (uint32_t i = 0; i < memory.memoryHeapCount; ++i) {
    const VkMemoryHeap& heap = memory.memoryHeaps[i];
    if (heap.flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) largest = std::max(largest, heap.size);
  }
  return largest;
}

struct ComputeFamily {
  uint32_t index = 0;
  uint32_t timestamp_bits = 0;
};

/// A queue family with compute, preferably without graphics, so that desktop frames do not wait.
std::optional<ComputeFamily> compute_family(VkPhysicalDevice device) {
  uint32_t count = 0;
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
  std::optional<ComputeFamily> best;
  for (uint32_t i = 0; i < count; ++i) {
    VkQueueFlags flags = families[i].queueFlags;
    if (!(flags & VK_QUEUE_COMPUTE_BIT)) continue;
    const ComputeFamily family = {i, families[i].timestampValidBits};
    if (!(flags & VK_QUEUE_GRAPHICS_BIT)) return family;
    if (!best) best = family;
  }
  return best;
}

void fill_texels(VkPhysicalDevice device, const VkPhysicalDeviceLimits& from, Limits& limits) {
  VkFormatProperties format;
  vkGetPhysicalDeviceFormatProperties(device, VK_FORMAT_R32G32B32A32_SFLOAT, &format);
  if (!(format.bufferFeatures & VK_FORMAT_FEATURE_UNIFORM_TEXEL_BUFFER_BIT)) return;
  limits.max_texel_elements = from.maxTexelBufferElements;
  limits.features |= static_cast<uint32_t>(Feature::kTexelBuffer);
}

void fill_subgroups(const Properties& properties, const Features& features, PhysicalDevice& to) {
  if (!(properties.v11.subgroupSupportedStages & VK_SHADER_STAGE_COMPUTE_BIT)) return;
  if (properties.v11.subgroupSupportedOperations & VK_SUBGROUP_FEATURE_SHUFFLE_BIT) {
    to.limits.features |= static_cast<uint32_t>(Feature::kSubgroupShuffle);
  }
  const auto& sizes = properties.subgroups;  // all zero without the extension
  bool varies = sizes.minSubgroupSize != sizes.maxSubgroupSize;
  bool can_require = features.subgroups.subgroupSizeControl &&
                     (sizes.requiredSubgroupSizeStages & VK_SHADER_STAGE_COMPUTE_BIT);
  if (varies && !can_require) return;
  to.limits.subgroup_size = properties.v11.subgroupSize;
  if (varies) to.required_subgroup_size = properties.v11.subgroupSize;
}

bool is_usable(const VkCooperativeMatrixPropertiesKHR& matrices) {
  return matrices.AType == VK_COMPONENT_TYPE_FLOAT16_KHR &&
         matrices.BType == VK_COMPONENT_TYPE_FLOAT16_KHR &&
         matrices.CType == VK_COMPONENT_TYPE_FLOAT32_KHR &&
         matrices.ResultType == VK_COMPONENT_TYPE_FLOAT32_KHR &&
         matrices.scope == VK_SCOPE_SUBGROUP_KHR && !matrices.saturatingAccumulation &&
         matrices.MSize == matrices.NSize && (matrices.MSize == 8 || matrices.MSize == 16) &&
         (matrices.KSize == 8 || matrices.KSize == 16);
}

/// The largest square matrices that the kernels can use; none without the features they need.
void fill_matrices(const Features& features, PhysicalDevice& to) {
  const bool has_features = features.matrices.cooperativeMatrix && features.v12.shaderFloat16 &&
                            features.v12.vulkanMemoryModel;
  if (!has_features || to.limits.subgroup_size == 0) return;
  uint32_t count = 0;
  vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR(to.handle, &count, nullptr);
  std::vector<VkCooperativeMatrixPropertiesKHR> all(
      count, {.sType = VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_KHR});
  vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR(to.handle, &count, all.data());
  MatrixSize& best = to.limits.matrix_size;
  for (const VkCooperativeMatrixPropertiesKHR& matrices : all) {
    if (!is_usable(matrices) || matrices.MSize * matrices.KSize <= best.rows * best.terms) continue;
    best = {.rows = matrices.MSize, .columns = matrices.NSize, .terms = matrices.KSize};
  }
  to.cooperative_matrices = best.rows > 0;
  if (to.cooperative_matrices) {
    to.limits.features |= static_cast<uint32_t>(Feature::kCooperativeMatrix);
  }
}

uint32_t offset_alignment(const VkPhysicalDeviceLimits& limits) {
  uint64_t largest =
      std::max<uint64_t>({limits.minStorageBufferOffsetAlignment,
                          limits.minTexelBufferOffsetAlignment, kMinOffsetAlignment});
  return static_cast<uint32_t>(largest);
}

uint32_t max_bindings(const VkPhysicalDeviceLimits& limits) {
  return std::min(
      {limits.maxPerStageDescriptorStorageBuffers, limits.maxDescriptorSetStorageBuffers,
       limits.maxPerStageDescriptorSampledImages,  // texel buffers count as sampled images
       limits.maxPerStageResources, kMaxBindings});
}

void fill_limits(const Properties& properties, Limits& limits) {
  const VkPhysicalDeviceLimits& from = properties.base.properties.limits;
  limits.device_name = properties.base.properties.deviceName;
  limits.driver = driver_text(properties);
  limits.api = "Vulkan " + version_text(properties.base.properties.apiVersion);
  limits.features |= static_cast<uint32_t>(Feature::kFusedKernels);
  limits.type = device_type(properties.base.properties.deviceType);
  limits.max_binding_bytes = from.maxStorageBufferRange;
  limits.max_buffer_bytes = properties.v11.maxMemoryAllocationSize;
  limits.buffer_offset_alignment = offset_alignment(from);
  limits.max_bindings = max_bindings(from);
  limits.max_params_bytes = std::min(from.maxPushConstantsSize, kMaxParamsBytes);
  limits.max_group_threads = from.maxComputeWorkGroupInvocations;
  limits.max_shared_bytes = from.maxComputeSharedMemorySize;
  limits.max_groups = std::min({from.maxComputeWorkGroupCount[0], from.maxComputeWorkGroupCount[1],
                                from.maxComputeWorkGroupCount[2]});
}

std::string reason_to_reject(VkPhysicalDevice device, const Features& features) {
  if (!features.v12.timelineSemaphore) return "it lacks the feature timelineSemaphore";
  if (!compute_family(device)) return "it has no compute queue";
  return "";
}

PhysicalDevice too_old(VkPhysicalDevice handle, const VkPhysicalDeviceProperties& properties) {
  PhysicalDevice device = {.handle = handle};
  device.limits.device_name = properties.deviceName;
  device.limits.api = "Vulkan " + version_text(properties.apiVersion);
  device.limits.type = device_type(properties.deviceType);
  device.rejected = fmt::format("it supports Vulkan {}; Pumice needs 1.2 or newer",
                                version_text(properties.apiVersion));
  return device;
}

}  // namespace

PhysicalDevice inspect(VkPhysicalDevice handle) {
  VkPhysicalDeviceProperties basic;
  vkGetPhysicalDeviceProperties(handle, &basic);
  if (basic.apiVersion < VK_API_VERSION_1_2) return too_old(handle, basic);

  Extensions extensions(handle);
  Properties properties;
  Features features;
  query(handle, extensions, properties, features);

  PhysicalDevice device = {.handle = handle};
  fill_limits(properties, device.limits);
  fill_texels(handle, properties.base.properties.limits, device.limits);
  fill_subgroups(properties, features, device);
  fill_matrices(features, device);
  device.limits.memory_bytes = device_local_bytes(handle);
  device.limits.prefers = preferences_of(device.limits);
  device.rejected = reason_to_reject(handle, features);
  const ComputeFamily family = compute_family(handle).value_or(ComputeFamily{});
  device.queue_family = family.index;
  device.timestamp_bits = family.timestamp_bits;
  device.timestamp_period = 1e-9 * properties.base.properties.limits.timestampPeriod;
  device.memory_budget = extensions.has(VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
  device.portability_subset = extensions.has("VK_KHR_portability_subset");
  std::ranges::copy(properties.v11.deviceUUID, device.device_uuid.begin());
  std::ranges::copy(properties.v11.driverUUID, device.driver_uuid.begin());
  return device;
}

}  // namespace pumice::hal::vulkan
