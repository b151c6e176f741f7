# pumice_unity(TARGET): if CMAKE_UNITY_BUILD is on, compiles the sources of each folder as one: much faster than one by
# one, because headers and templates are compiled once. So names that a source keeps to itself are unique in its folder.
function(pumice_unity target)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(ABSOLUTE_PATH folder NORMALIZE)
    cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    string(MAKE_C_IDENTIFIER "${folder}" group)
    set_property(SOURCE ${source} PROPERTY UNITY_GROUP ${group})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()

# build/PRESET/sources/compile_commands.json: one command for each source, which clangd and clang-tidy need.
function(pumice_compile_commands)
  set(script ${PROJECT_SOURCE_DIR}/scripts/cmake/compile_commands.py)
  set(commands ${PROJECT_BINARY_DIR}/compile_commands.json)
  set(of_sources ${PROJECT_BINARY_DIR}/sources/compile_commands.json)
  add_custom_command(OUTPUT ${of_sources} DEPENDS ${script} ${commands} VERBATIM
                     COMMAND ${Python3_EXECUTABLE} -B ${script} ${commands} ${of_sources})
  add_custom_target(pumice_compile_commands ALL DEPENDS ${of_sources})
endfunction()
