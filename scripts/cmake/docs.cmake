# The target docs, if Doxygen is installed: reference pages of the engine's public headers in
# build/native/docs/html.
find_package(Doxygen QUIET)
if(DOXYGEN_FOUND)
  configure_file(${PROJECT_SOURCE_DIR}/docs/Doxyfile.in ${PROJECT_BINARY_DIR}/Doxyfile @ONLY)
  add_custom_target(docs COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/docs
                         COMMAND Doxygen::doxygen ${PROJECT_BINARY_DIR}/Doxyfile
                         COMMENT "API documentation in ${PROJECT_BINARY_DIR}/docs/html" VERBATIM)
endif()
