# pumice_compile_shaders(SOURCES NAMES shader...)
#
# Compiles each .comp file to generated/kernels/<name>.{h,cpp}. Returns the .cpp files in SOURCES
# and the kernels' names in NAMES.
set(PUMICE_GENERATED ${PROJECT_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${PUMICE_GENERATED})
file(GLOB PUMICE_SHADER_COMPILER CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/shaders/compile.py
                                                   ${PROJECT_SOURCE_DIR}/shaders/compiler/*.py)
set(PUMICE_COMPILE_SHADER ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/shaders/compile.py)

set(PUMICE_SHADER_OPTIONS --glslang ${PUMICE_GLSLANG} --spirv-val ${PUMICE_SPIRV_VAL})
if(PUMICE_WEB)
  include(naga)
  list(APPEND PUMICE_SHADER_OPTIONS ${PUMICE_NAGA_OPTIONS})
endif()
if(NOT PUMICE_VULKAN)
  list(APPEND PUMICE_SHADER_OPTIONS --without-spirv)
endif()

if(PUMICE_CPU)
  include(cpu_sets)
  list(JOIN PUMICE_CPU_SETS "," sets)
  list(APPEND PUMICE_SHADER_OPTIONS --spirv-cross ${PUMICE_SPIRV_CROSS} --cpu-sets ${sets})
endif()

function(pumice_compile_shaders sources_result names_result)
  set(names)
  set(sources)
  foreach(shader IN LISTS ARGN)
    cmake_path(GET shader STEM name)
    cmake_path(RELATIVE_PATH shader BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE title)
    if(name IN_LIST names)
      message(FATAL_ERROR "${title}: expected a name that is unique across all folders")
    endif()
    list(APPEND names ${name})
    list(APPEND sources ${PUMICE_GENERATED}/kernels/${name}.cpp)
    set(cpu)
    if(PUMICE_CPU)
      set(cpu ${PUMICE_GENERATED}/cpu/${name}.cpp ${PUMICE_GENERATED}/cpu/${name}.h)
    endif()
    add_custom_command(
      OUTPUT ${PUMICE_GENERATED}/kernels/${name}.h ${PUMICE_GENERATED}/kernels/${name}.cpp ${cpu}
      BYPRODUCTS ${PUMICE_GENERATED}/spirv/${name}.spv
      COMMAND ${PUMICE_COMPILE_SHADER} kernel ${shader} --out ${PUMICE_GENERATED}
              --depfile ${PUMICE_GENERATED}/${name}.d
              ${PUMICE_SHADER_OPTIONS}
      DEPENDS ${shader} ${PUMICE_SHADER_COMPILER}
      DEPFILE ${PUMICE_GENERATED}/${name}.d
      COMMENT "Shader ${title}"
      VERBATIM)
  endforeach()
  set(${sources_result} ${sources} PARENT_SCOPE)
  set(${names_result} ${names} PARENT_SCOPE)
endfunction()

# pumice_add_cpu_forms(TARGET name...): adds the form for CPUs of these kernels.
function(pumice_add_cpu_forms target)
  if(PUMICE_CPU)
    list(TRANSFORM ARGN PREPEND ${PUMICE_GENERATED}/cpu/ OUTPUT_VARIABLE sources)
    list(TRANSFORM sources APPEND .cpp)
    pumice_add_cpu_sources(${target} ${sources})
  endif()
endfunction()
