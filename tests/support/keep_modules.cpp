// Leaks of a module that was unloaded are reported without its name, so tests/leaks.supp could not
// tell the Vulkan loader's and layers' from ours: under the address sanitizer, modules stay.
#if defined(__SANITIZE_ADDRESS__)
#define PUMICE_KEEPS_MODULES
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PUMICE_KEEPS_MODULES
#endif
#endif

#ifdef PUMICE_KEEPS_MODULES
extern "C" int dlclose(void* /*module*/) { return 0; }
#endif
