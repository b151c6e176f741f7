# pumice_library(NAME [FOLDERS folder...] [DEPENDS target...] [PRIVATE target...])
#
# Defines the library pumice_NAME (alias pumice::NAME) with all .cpp files in FOLDERS (default: NAME).
# A folder without sources becomes a header-only library. DEPENDS follows the diagram in
# engine/README.md; PRIVATE targets are not passed on.
function(pumice_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FOLDERS;DEPENDS;PRIVATE")
  if(NOT arg_FOLDERS)
    set(arg_FOLDERS ${name})
  endif()
  list(TRANSFORM arg_FOLDERS APPEND "/*.cpp" OUTPUT_VARIABLE patterns)
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  if(sources)
    add_library(pumice_${name} STATIC ${sources})
    pumice_unity(pumice_${name})
    target_link_libraries(pumice_${name} PUBLIC pumice_options ${arg_DEPENDS}
                                         PRIVATE ${arg_PRIVATE})
  else()
    add_library(pumice_${name} INTERFACE)
    target_link_libraries(pumice_${name} INTERFACE pumice_options ${arg_DEPENDS})
  endif()
  add_library(pumice::${name} ALIAS pumice_${name})
endfunction()
