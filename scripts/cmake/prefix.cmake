# Where Vulkan things are looked for: the private prefix that scripts/ fill, a Vulkan SDK, the
# system. Sets PUMICE_PREFIX.
include_guard()
if(DEFINED ENV{PUMICE_PREFIX})
  set(default_prefix $ENV{PUMICE_PREFIX})
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(default_prefix $ENV{XDG_CACHE_HOME}/pumice/prefix)
else()
  set(default_prefix $ENV{HOME}/.cache/pumice/prefix)
endif()
set(PUMICE_PREFIX ${default_prefix} CACHE PATH "Private prefix with glslang and Vulkan headers")
