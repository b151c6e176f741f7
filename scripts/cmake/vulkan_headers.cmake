# pumice_vulkan_headers: <vulkan/vulkan.h> 1.4.309 or newer, <volk.h> and <vk_mem_alloc.h>. The
# loader is opened at run time (volk), so no Vulkan library is linked.
include(prefix)

function(pumice_check_vulkan result folder)
  file(STRINGS ${folder}/vulkan/vulkan_core.h lines REGEX "define VK_HEADER_VERSION(_COMPLETE)? ")
  if(NOT lines MATCHES "VK_HEADER_VERSION ([0-9]+)" OR CMAKE_MATCH_1 LESS 309
     OR NOT lines MATCHES "VERSION\\(0, 1, ([0-9]+)" OR CMAKE_MATCH_1 LESS 4)
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

set(hints $ENV{VULKAN_SDK}/include ${PUMICE_PREFIX}/include)
# Headers alone: the same for any processor that one compiles for.
find_path(PUMICE_VULKAN_INCLUDE vulkan/vulkan_core.h HINTS ${hints} VALIDATOR pumice_check_vulkan
          NO_CMAKE_FIND_ROOT_PATH)
find_path(PUMICE_VOLK_INCLUDE volk.h HINTS ${hints} PATH_SUFFIXES volk Volk NO_CMAKE_FIND_ROOT_PATH)
find_path(PUMICE_VMA_INCLUDE vk_mem_alloc.h HINTS ${hints} PATH_SUFFIXES vma NO_CMAKE_FIND_ROOT_PATH)

function(pumice_fetch_headers variable name repository tag folder)
  if(NOT ${variable})
    FetchContent_Declare(${name} GIT_REPOSITORY ${repository} GIT_TAG ${tag}
                         SOURCE_SUBDIR headers-only)  # a folder that does not exist: nothing is built
    FetchContent_MakeAvailable(${name})
    set(${variable} ${${name}_SOURCE_DIR}/${folder} CACHE PATH "Headers of ${name}" FORCE)
  endif()
endfunction()

set(khronos https://github.com/KhronosGroup)
pumice_fetch_headers(PUMICE_VULKAN_INCLUDE vulkan_headers ${khronos}/Vulkan-Headers v1.4.309
                     include)
pumice_fetch_headers(PUMICE_VOLK_INCLUDE volk https://github.com/zeux/volk vulkan-sdk-1.4.309.0 .)
pumice_fetch_headers(PUMICE_VMA_INCLUDE vma
                     https://github.com/GPUOpen-LibrariesAndSDKs/VulkanMemoryAllocator v3.2.1
                     include)

add_library(pumice_vulkan_headers INTERFACE)
target_include_directories(pumice_vulkan_headers SYSTEM INTERFACE
                           ${PUMICE_VULKAN_INCLUDE} ${PUMICE_VOLK_INCLUDE} ${PUMICE_VMA_INCLUDE})
target_compile_definitions(pumice_vulkan_headers INTERFACE VK_NO_PROTOTYPES)
target_link_libraries(pumice_vulkan_headers INTERFACE ${CMAKE_DL_LIBS})
message(STATUS "Vulkan headers: ${PUMICE_VULKAN_INCLUDE}")
