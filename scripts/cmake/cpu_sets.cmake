# The form of the kernels for CPUs. Sets PUMICE_SPIRV_CROSS, and PUMICE_CPU_SETS: the instruction sets
# that it is compiled for, in the order of hal::cpu::InstructionSet.
find_program(PUMICE_SPIRV_CROSS NAMES spirv-cross
             HINTS $ENV{VULKAN_SDK}/bin ${PUMICE_PREFIX}/bin NO_CMAKE_FIND_ROOT_PATH)
if(NOT PUMICE_SPIRV_CROSS)
  message(FATAL_ERROR "spirv-cross: expected it in $VULKAN_SDK, ${PUMICE_PREFIX} or $PATH; run "
                      "scripts/setup, or configure with -DPUMICE_CPU=OFF")
endif()

if(EMSCRIPTEN)
  set(PUMICE_CPU_SETS wasm)
  set(PUMICE_CPU_FLAGS_wasm -msimd128)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(PUMICE_CPU_LEVELS v2 v3 v4 CACHE STRING "Levels of x86-64 that the kernels are compiled for, the lowest first")
  set(PUMICE_CPU_SETS ${PUMICE_CPU_LEVELS})
  foreach(set IN LISTS PUMICE_CPU_SETS)
    set(PUMICE_CPU_FLAGS_${set} -march=x86-64-${set})
  endforeach()
else()
  set(PUMICE_CPU_SETS base)  # arm64: NEON belongs to it
  set(PUMICE_CPU_FLAGS_base)
endif()
# Comparisons with NaN need no exceptions, and products may be fused with sums.
set(PUMICE_CPU_FLAGS -O3 -ffp-contract=fast -fno-math-errno -fno-trapping-math -Wno-psabi)

# pumice_add_cpu_sources(TARGET source...): compiles the sources once per instruction set, with the
# macro PUMICE_CPU_SET, and adds them to the target.
function(pumice_add_cpu_sources target)
  foreach(set IN LISTS PUMICE_CPU_SETS)
    add_library(${target}_${set} OBJECT ${ARGN})
    set_target_properties(${target}_${set} PROPERTIES UNITY_BUILD OFF)
    target_link_libraries(${target}_${set} PRIVATE pumice_options)
    target_compile_definitions(${target}_${set} PRIVATE PUMICE_CPU_SET=${set})
    target_compile_options(${target}_${set} PRIVATE ${PUMICE_CPU_FLAGS} ${PUMICE_CPU_FLAGS_${set}})
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}_${set}>)
  endforeach()
endfunction()
