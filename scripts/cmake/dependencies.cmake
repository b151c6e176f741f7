# Third-party code: the system's packages if installed, otherwise fetched at configure time.
include(FetchContent)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG 1.6.32 REQUIRED)  # the first version that reads EXIF data

FetchContent_Declare(fmt GIT_REPOSITORY https://github.com/fmtlib/fmt GIT_TAG 9.1.0
                     FIND_PACKAGE_ARGS 9)
FetchContent_Declare(nlohmann_json GIT_REPOSITORY https://github.com/nlohmann/json GIT_TAG v3.11.2
                     FIND_PACKAGE_ARGS 3.10)
FetchContent_Declare(tomlplusplus GIT_REPOSITORY https://github.com/marzer/tomlplusplus
                     GIT_TAG v3.3.0 FIND_PACKAGE_ARGS 3)
FetchContent_Declare(CLI11 GIT_REPOSITORY https://github.com/CLIUtils/CLI11 GIT_TAG v2.1.2
                     FIND_PACKAGE_ARGS 2)
FetchContent_Declare(Eigen3 GIT_REPOSITORY https://gitlab.com/libeigen/eigen.git GIT_TAG 3.4.0
                     FIND_PACKAGE_ARGS 3.3)
FetchContent_MakeAvailable(fmt nlohmann_json tomlplusplus CLI11 Eigen3)

if(PUMICE_TESTS)
  FetchContent_Declare(googletest GIT_REPOSITORY https://github.com/google/googletest
                       GIT_TAG release-1.12.1 FIND_PACKAGE_ARGS NAMES GTest)
  FetchContent_MakeAvailable(googletest)
endif()
if(PUMICE_BENCH)
  set(BENCHMARK_ENABLE_TESTING OFF)
  FetchContent_Declare(benchmark GIT_REPOSITORY https://github.com/google/benchmark GIT_TAG v1.7.1
                       FIND_PACKAGE_ARGS)
  FetchContent_MakeAvailable(benchmark)
endif()

find_path(PUMICE_STB_INCLUDE stb_image.h PATH_SUFFIXES stb)
if(NOT PUMICE_STB_INCLUDE)
  FetchContent_Declare(stb GIT_REPOSITORY https://github.com/nothings/stb
                       GIT_TAG 8b5f1f37b5b75829fc72d38e7b5d4bcbf8a26d55)
  FetchContent_MakeAvailable(stb)
  set(PUMICE_STB_INCLUDE ${stb_SOURCE_DIR} CACHE PATH "Folder of stb_image.h" FORCE)
endif()
add_library(pumice_stb INTERFACE)
target_include_directories(pumice_stb SYSTEM INTERFACE ${PUMICE_STB_INCLUDE})

include(shader_tools)
if(PUMICE_VULKAN)
  include(vulkan_headers)
endif()
