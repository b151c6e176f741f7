#include "engine/hal/vulkan/instance.h"

#include <algorithm>
#include <cstring>
#include <mutex>

#include "engine/base/require.h"

namespace pumice::hal::vulkan {
namespace {

constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";

// volk keeps the loader's entry points in globals. They are the loader's trampolines, valid for
// every instance, but two threads must not store them at once.
std::mutex& volk_mutex() {
  static std::mutex mutex;
  return mutex;
}

void load_vulkan() {
  static const VkResult loaded = volkInitialize();
  require(loaded == VK_SUCCESS,
          "vulkan: no Vulkan loader (libvulkan.so.1) on this machine; install it (Debian: "
          "libvulkan1) and a driver (Debian: mesa-vulkan-drivers)");
  uint32_t version = volkGetInstanceVersion();
  require(version >= VK_API_VERSION_1_2,
          "vulkan: expected a loader of Vulkan 1.2 or newer, got {}.{}",
          VK_API_VERSION_MAJOR(version), VK_API_VERSION_MINOR(version));
}

std::vector<VkExtensionProperties> extensions_of(const char* layer) {
  uint32_t count = 0;
  check(vkEnumerateInstanceExtensionProperties(layer, &count, nullptr),
        "vulkan: cannot list extensions");
  std::vector<VkExtensionProperties> extensions(count);
  check(vkEnumerateInstanceExtensionProperties(layer, &count, extensions.data()),
        "vulkan: cannot list extensions");
  return extensions;
}

bool has_extension(const std::vector<VkExtensionProperties>& extensions, const char* name) {
  return std::ranges::any_of(extensions, [&](const VkExtensionProperties& extension) {
    return std::strcmp(extension.extensionName, name) == 0;
  });
}

bool has_layer(const char* name) {
  uint32_t count = 0;
  check(vkEnumerateInstanceLayerProperties(&count, nullptr), "vulkan: cannot list layers");
  std::vector<VkLayerProperties> layers(count);
  check(vkEnumerateInstanceLayerProperties(&count, layers.data()), "vulkan: cannot list layers");
  return std::ranges::any_of(layers, [&](const VkLayerProperties& layer) {
    return std::strcmp(layer.layerName, name) == 0;
  });
}

VKAPI_ATTR VkBool32 VKAPI_CALL forward_message(VkDebugUtilsMessageSeverityFlagBitsEXT,
                                               VkDebugUtilsMessageTypeFlagsEXT,
                                               const VkDebugUtilsMessengerCallbackDataEXT* data,
                                               void* on_message) {
  (*static_cast<const OnMessage*>(on_message))(data->pMessage);
  return VK_FALSE;
}

VkDebugUtilsMessengerCreateInfoEXT messenger_info(OnMessage& on_message) {
  return {
      .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
      .messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT |
                         VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT,
      // Complaints of the loader itself (drivers for other hardware) have the general type.
      .messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT,
      .pfnUserCallback = forward_message,
      .pUserData = &on_message,
  };
}

/// What to request from a new instance.
struct Setup {
  std::vector<const char*> layers;
  std::vector<const char*> extensions;
  VkInstanceCreateFlags flags = 0;
  bool debug_utils = false;
};

Setup choose_setup(bool validation) {
  std::vector<VkExtensionProperties> available = extensions_of(nullptr);
  Setup setup;
  if (validation) {
    require(has_layer(kValidationLayer),
            "vulkan: validation was requested, but {} is not installed (Debian: "
            "vulkan-validationlayers)",
            kValidationLayer);
    setup.layers.push_back(kValidationLayer);
    setup.extensions.push_back(VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME);
  }
  setup.debug_utils = validation || has_extension(available, VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
  if (setup.debug_utils) setup.extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
  // MoltenVK is listed only if drivers that implement a subset are requested.
  if (has_extension(available, VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME)) {
    setup.extensions.push_back(VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME);
    setup.flags = VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR;
  }
  return setup;
}

}  // namespace

Instance::Instance(bool validation, OnMessage on_message)
    : on_message_(on_message ? std::move(on_message) : [](std::string_view) {}) {
  std::scoped_lock lock(volk_mutex());
  load_vulkan();
  create(validation);
}

void Instance::create(bool validation) {
  Setup setup = choose_setup(validation);
  has_debug_utils_ = setup.debug_utils;
  VkDebugUtilsMessengerCreateInfoEXT messenger = messenger_info(on_message_);
  VkValidationFeatureEnableEXT synchronization =
      VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT;
  VkValidationFeaturesEXT features = {
      .sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT,
      .pNext = &messenger,
      .enabledValidationFeatureCount = 1,
      .pEnabledValidationFeatures = &synchronization,
  };
  VkApplicationInfo application = {
      .sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
      .pApplicationName = "pumice",
      .pEngineName = "pumice",
      .apiVersion = VK_API_VERSION_1_2,
  };
  VkInstanceCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
      .pNext = validation ? &features : nullptr,
      .flags = setup.flags,
      .pApplicationInfo = &application,
      .enabledLayerCount = static_cast<uint32_t>(setup.layers.size()),
      .ppEnabledLayerNames = setup.layers.data(),
      .enabledExtensionCount = static_cast<uint32_t>(setup.extensions.size()),
      .ppEnabledExtensionNames = setup.extensions.data(),
  };
  VkInstance instance = VK_NULL_HANDLE;
  VkResult result = vkCreateInstance(&info, nullptr, &instance);
  require(result != VK_ERROR_INCOMPATIBLE_DRIVER,
          "vulkan: no Vulkan driver on this machine; install one (Debian: mesa-vulkan-drivers, "
          "which also has lavapipe for machines without a GPU)");
  check(result, "vulkan: cannot create an instance");
  volkLoadInstanceOnly(instance);
  handle_.reset(instance);
  if (validation) {
    check(function<PFN_vkCreateDebugUtilsMessengerEXT>("vkCreateDebugUtilsMessengerEXT")(
              instance, &messenger, nullptr, &messenger_),
          "vulkan: cannot create the debug messenger");
  }
}

Instance::~Instance() {
  if (!messenger_) return;
  function<PFN_vkDestroyDebugUtilsMessengerEXT>("vkDestroyDebugUtilsMessengerEXT")(
      handle(), messenger_, nullptr);
}

std::vector<VkPhysicalDevice> Instance::physical_devices() const {
  uint32_t count = 0;
  VkResult result = vkEnumeratePhysicalDevices(handle(), &count, nullptr);
  if (result == VK_ERROR_INITIALIZATION_FAILED)
    return {};  // there are drivers, but none found hardware
  check(result, "vulkan: cannot list devices");
  std::vector<VkPhysicalDevice> devices(count);
  check(vkEnumeratePhysicalDevices(handle(), &count, devices.data()),
        "vulkan: cannot list devices");
  return devices;
}

}  // namespace pumice::hal::vulkan
