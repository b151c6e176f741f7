# Finds PUMICE_GLSLANG (15 or newer) and PUMICE_SPIRV_VAL.
include(prefix)

function(pumice_check_glslang result candidate)
  execute_process(COMMAND ${candidate} --version OUTPUT_VARIABLE output ERROR_QUIET)
  if(NOT output MATCHES "Glslang Version: [0-9]+:([0-9]+)" OR CMAKE_MATCH_1 LESS 15)
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

find_program(PUMICE_GLSLANG NAMES glslang glslangValidator
             HINTS $ENV{VULKAN_SDK}/bin ${PUMICE_PREFIX}/bin VALIDATOR pumice_check_glslang NO_CMAKE_FIND_ROOT_PATH)
if(NOT PUMICE_GLSLANG)
  message(FATAL_ERROR "glslang: expected version 15 or newer in $VULKAN_SDK, ${PUMICE_PREFIX} or "
                      "$PATH; run scripts/setup or install the Vulkan SDK")
endif()

# Searches beside glslang first: spirv-val must support the SPIR-V that this glslang writes.
get_filename_component(glslang_folder ${PUMICE_GLSLANG} DIRECTORY)
find_program(PUMICE_SPIRV_VAL NAMES spirv-val
             HINTS ${glslang_folder} $ENV{VULKAN_SDK}/bin ${PUMICE_PREFIX}/bin REQUIRED
             NO_CMAKE_FIND_ROOT_PATH)
message(STATUS "glslang: ${PUMICE_GLSLANG}, spirv-val: ${PUMICE_SPIRV_VAL}")
