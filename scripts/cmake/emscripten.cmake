# Toolchain file of the preset `web`: the official emsdk where it is active, otherwise the Emscripten
# that scripts/setup --with-web unpacks.
include(${CMAKE_CURRENT_LIST_DIR}/prefix.cmake)
if(DEFINED ENV{EMSDK})
  set(emscripten_root $ENV{EMSDK}/upstream/emscripten)
else()
  set(emscripten_root ${PUMICE_CACHE}/web/emscripten/emscripten)
endif()
set(emscripten_toolchain ${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake)
if(NOT EXISTS ${emscripten_toolchain})
  message(FATAL_ERROR "Emscripten: expected an active emsdk or ${emscripten_root}; "
                      "run scripts/setup --with-web")
endif()
include(${emscripten_toolchain})
