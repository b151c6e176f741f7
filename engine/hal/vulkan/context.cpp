#include "engine/hal/vulkan/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/hal/vulkan/memory.h"

namespace pumice::hal::vulkan {

Context::Context(std::shared_ptr<Instance> instance, PhysicalDevice physical)
    : instance_(std::move(instance)), physical_(std::move(physical)) {
  open();
  load_debug_functions();
  create_allocator();
  if (limits().prefers.host_memory) physical_.limits.memory_bytes = memory().all;
  name(VK_OBJECT_TYPE_QUEUE, queue_, "pumice");
}

void Context::open() {
  float priority = 1.0f;
  VkDeviceQueueCreateInfo queue = {
      .sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
      .queueFamilyIndex = physical_.queue_family,
      .queueCount = 1,
      .pQueuePriorities = &priority,
  };
  std::vector<const char*> extensions;
  if (physical_.memory_budget) extensions.push_back(VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
  if (physical_.portability_subset) extensions.push_back("VK_KHR_portability_subset");
  VkPhysicalDeviceSubgroupSizeControlFeatures subgroups = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES,
      .subgroupSizeControl = VK_TRUE,
  };
  VkPhysicalDeviceVulkan12Features features = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES,
      .timelineSemaphore = VK_TRUE,
  };
  VkPhysicalDeviceCooperativeMatrixFeaturesKHR matrices = {
      .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR,
      .cooperativeMatrix = VK_TRUE,
  };
  if (physical_.required_subgroup_size != 0) {
    extensions.push_back(VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
    features.pNext = &subgroups;
  }
  if (physical_.cooperative_matrices) {
    extensions.push_back(VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME);
    features.shaderFloat16 = VK_TRUE;
    features.vulkanMemoryModel = VK_TRUE;
    matrices.pNext = features.pNext;
    features.pNext = &matrices;
  }
  VkDeviceCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
      .pNext = &features,
      .queueCreateInfoCount = 1,
      .pQueueCreateInfos = &queue,
      .enabledExtensionCount = static_cast<uint32_t>(extensions.size()),
      .ppEnabledExtensionNames = extensions.data(),
  };
  VkDevice device = VK_NULL_HANDLE;
  check(vkCreateDevice(physical_.handle, &info, nullptr, &device),
        fmt::format("vulkan: cannot open {}", limits().device_name));
  volkLoadDeviceTable(&vk, device);
  device_ = {device, DestroyDevice{vk.vkDestroyDevice}};
  vk.vkGetDeviceQueue(device, physical_.queue_family, 0, &queue_);
}

void Context::create_allocator() {
  VkPhysicalDeviceMemoryProperties memory;
  vkGetPhysicalDeviceMemoryProperties(physical_.handle, &memory);
  // Without a limit, CPU drivers hand out more memory than the machine has, until the kernel kills
  // the process.
  std::array<VkDeviceSize, VK_MAX_MEMORY_HEAPS> heap_limits = {};
  for (uint32_t i = 0; i < memory.memoryHeapCount; ++i) heap_limits[i] = memory.memoryHeaps[i].size;

  VmaVulkanFunctions functions = {
      .vkGetInstanceProcAddr = vkGetInstanceProcAddr,
      .vkGetDeviceProcAddr = vkGetDeviceProcAddr,
  };
  VmaAllocatorCreateInfo info = {
      .flags = physical_.memory_budget
                   ? VmaAllocatorCreateFlags{VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT}
                   : 0,
      .physicalDevice = physical_.handle,
      .device = device_.get(),
      .pHeapSizeLimit = heap_limits.data(),
      .pVulkanFunctions = &functions,
      .instance = instance_->handle(),
      .vulkanApiVersion = VK_API_VERSION_1_2,
  };
  VmaAllocator allocator = VK_NULL_HANDLE;
  check(vmaCreateAllocator(&info, &allocator), "vulkan: cannot create the memory allocator");
  allocator_.reset(allocator);
}

Context::Memory Context::memory() const {
  std::array<VmaBudget, VK_MAX_MEMORY_HEAPS> budgets = {};
  vmaGetHeapBudgets(allocator(), budgets.data());
  const VkPhysicalDeviceMemoryProperties* properties = nullptr;
  vmaGetMemoryProperties(allocator(), &properties);
  const uint32_t type = memory_type_of_kernels(*this, limits().prefers.host_memory);
  const uint32_t heap = properties->memoryTypes[type].heapIndex;
  const VmaBudget& budget = budgets[heap];
  const uint64_t size = properties->memoryHeaps[heap].size;
  const uint64_t limit = physical_.memory_budget ? budget.budget : size;
  const uint64_t used = physical_.memory_budget ? budget.usage : budget.statistics.allocationBytes;
  return {limit - std::min(limit, used), size};
}

void Context::load_debug_functions() {
  if (!instance_->has_debug_utils()) return;
  set_object_name_ =
      instance_->function<PFN_vkSetDebugUtilsObjectNameEXT>("vkSetDebugUtilsObjectNameEXT");
  begin_label_ =
      instance_->function<PFN_vkCmdBeginDebugUtilsLabelEXT>("vkCmdBeginDebugUtilsLabelEXT");
  end_label_ = instance_->function<PFN_vkCmdEndDebugUtilsLabelEXT>("vkCmdEndDebugUtilsLabelEXT");
}

void Context::set_name(VkObjectType type, uint64_t handle, std::string_view label) const {
  if (!set_object_name_) return;
  std::string text(label);
  VkDebugUtilsObjectNameInfoEXT info = {
      .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_OBJECT_NAME_INFO_EXT,
      .objectType = type,
      .objectHandle = handle,
      .pObjectName = text.c_str(),
  };
  set_object_name_(device(), &info);
}

void Context::begin_label(VkCommandBuffer commands, std::string_view label) const {
  if (!begin_label_) return;
  std::string text(label);
  VkDebugUtilsLabelEXT info = {
      .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_LABEL_EXT,
      .pLabelName = text.c_str(),
  };
  begin_label_(commands, &info);
}

void Context::end_label(VkCommandBuffer commands) const {
  if (end_label_) end_label_(commands);
}

}  // namespace pumice::hal::vulkan
