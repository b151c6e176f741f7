# Third-party code of the web build. Emscripten's compiler must not see /usr/include, so header-only
# system packages are symlinked into a separate folder.
include(FetchContent)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(PUMICE_WEB_HEADERS ${PROJECT_BINARY_DIR}/headers)
file(MAKE_DIRECTORY ${PUMICE_WEB_HEADERS})

# pumice_web_headers(TARGET HEADER FOLDER REPOSITORY TAG)
function(pumice_web_headers target header folder repository tag)
  cmake_path(GET header PARENT_PATH name)
  string(TOUPPER PUMICE_${name}_INCLUDE variable)
  find_path(${variable} ${header} HINTS /usr/include NO_CMAKE_FIND_ROOT_PATH)
  if(NOT ${variable})
    FetchContent_Declare(${name} GIT_REPOSITORY ${repository} GIT_TAG ${tag}
                         SOURCE_SUBDIR headers-only)  # a folder that does not exist: nothing is built
    FetchContent_MakeAvailable(${name})
    set(${variable} ${${name}_SOURCE_DIR}/${folder} CACHE PATH "Headers of ${name}" FORCE)
  endif()
  file(CREATE_LINK ${${variable}}/${name} ${PUMICE_WEB_HEADERS}/${name} SYMBOLIC)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} SYSTEM INTERFACE ${PUMICE_WEB_HEADERS})
endfunction()

pumice_web_headers(fmt::fmt fmt/format.h include https://github.com/fmtlib/fmt 9.1.0)
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY
                           FMT_STATIC_THOUSANDS_SEPARATOR=','  # otherwise it uses C++ locales
                           # Code for types that nothing formats.
                           FMT_USE_LONG_DOUBLE=0 FMT_USE_INT128=0 FMT_REDUCE_INT_INSTANTIATIONS=1)
pumice_web_headers(nlohmann_json::nlohmann_json nlohmann/json.hpp include
                   https://github.com/nlohmann/json v3.11.2)
include(shader_tools)
