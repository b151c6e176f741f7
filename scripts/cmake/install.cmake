# cmake --install: the program, and the engine as a package: find_package(pumice) defines
# pumice::engine and each of its libraries. Dependencies must be the system's: other projects
# cannot find fetched ones.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(TARGET pumice)
  install(TARGETS pumice RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

foreach(dependency fmt::fmt nlohmann_json::nlohmann_json)
  get_target_property(imported ${dependency} IMPORTED)
  if(NOT imported)
    message(STATUS "The engine cannot be installed as a package: ${dependency} was fetched")
    return()
  endif()
endforeach()

set(libraries options base hal hal_cpu hal_vulkan graph kernels cores ops self_test nn optim data train models metrics io benchmark)
set(installed)
add_library(pumice_engine INTERFACE)
add_library(pumice::engine ALIAS pumice_engine)
foreach(name IN LISTS libraries)
  if(TARGET pumice_${name})
    set_target_properties(pumice_${name} PROPERTIES EXPORT_NAME ${name})
    target_link_libraries(pumice_engine INTERFACE pumice_${name})
    list(APPEND installed pumice_${name})
  endif()
endforeach()
set_target_properties(pumice_engine PROPERTIES EXPORT_NAME engine)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/pumice)
install(TARGETS pumice_engine ${installed} EXPORT pumice
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/pumice)
install(EXPORT pumice NAMESPACE pumice:: FILE pumice-targets.cmake DESTINATION ${package})
install(DIRECTORY engine DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/pumice
        FILES_MATCHING PATTERN "*.h" PATTERN webgpu EXCLUDE)
install(FILES ${PUMICE_GENERATED}/kernels/shared.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/pumice/kernels)
configure_package_config_file(scripts/cmake/pumice-config.cmake.in pumice-config.cmake
                              INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(pumice-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/pumice-config.cmake
              ${PROJECT_BINARY_DIR}/pumice-config-version.cmake DESTINATION ${package})
