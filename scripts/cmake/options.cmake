# Compiler options.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo" FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# -O3 is not faster here (the work is in the shaders) and costs build time.
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

find_program(PUMICE_CCACHE ccache)
if(PUMICE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PUMICE_CCACHE})
endif()

add_library(pumice_options INTERFACE)
target_compile_features(pumice_options INTERFACE cxx_std_20)
# For this project only, not for users of the installed engine.
target_compile_options(pumice_options INTERFACE $<BUILD_INTERFACE:-Wall$<SEMICOLON>-Wextra$<SEMICOLON>-Wpedantic>)
# This code deliberately uses designated initializers that omit members with defaults.
target_compile_options(pumice_options INTERFACE
                       $<BUILD_INTERFACE:-Wno-missing-field-initializers>)
target_include_directories(pumice_options INTERFACE
                           $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                           $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>)
if(PUMICE_WERROR)
  target_compile_options(pumice_options INTERFACE $<BUILD_INTERFACE:-Werror>)
endif()
if(PUMICE_SANITIZE)
  add_compile_options(-fsanitize=${PUMICE_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PUMICE_SANITIZE})
endif()
if(EMSCRIPTEN)
  string(REPLACE "-Os" "-Oz" CMAKE_CXX_FLAGS_MINSIZEREL "${CMAKE_CXX_FLAGS_MINSIZEREL}")
  # So that the page's program can be linked with threads and, from the same objects, without.
  # Every browser that has the vector instructions also converts numbers without checks before.
  add_compile_options(-fwasm-exceptions -pthread -mnontrapping-fptoint)
  add_link_options(-fwasm-exceptions -sWASM_BIGINT=1)
  set(PUMICE_THREADS -pthread -sENVIRONMENT=web,worker -Wno-pthreads-mem-growth)  # link options
endif()
