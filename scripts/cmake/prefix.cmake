# Search paths for Vulkan tools and headers: the private prefix made by scripts/, a Vulkan SDK, the
# system. Sets PUMICE_PREFIX, and PUMICE_CACHE, the folder of everything that scripts/ fetch.
include_guard()
if(NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(PUMICE_CACHE $ENV{XDG_CACHE_HOME}/pumice)
else()
  set(PUMICE_CACHE $ENV{HOME}/.cache/pumice)
endif()
set(default_prefix ${PUMICE_CACHE}/prefix)
if(NOT "$ENV{PUMICE_PREFIX}" STREQUAL "")
  set(default_prefix $ENV{PUMICE_PREFIX})
endif()
set(PUMICE_PREFIX ${default_prefix} CACHE PATH "Private prefix with glslang and Vulkan headers")
