# Finds naga: the program, otherwise the npm package naga-wasm installed by scripts/setup
# --with-web. Sets PUMICE_NAGA_OPTIONS for shaders/compile.py.
include(prefix)
find_program(PUMICE_NAGA naga NO_CMAKE_FIND_ROOT_PATH)
find_path(PUMICE_NAGA_WASM dist/node.js HINTS ${PUMICE_CACHE}/web/npm/node_modules/naga-wasm
          NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
if(PUMICE_NAGA)
  set(PUMICE_NAGA_OPTIONS --naga ${PUMICE_NAGA})
elseif(PUMICE_NAGA_WASM)
  set(PUMICE_NAGA_OPTIONS --naga-wasm ${PUMICE_NAGA_WASM})
else()
  message(FATAL_ERROR "naga: expected the program in $PATH or npm's naga-wasm in "
                      "${PUMICE_CACHE}/web/npm; run scripts/setup --with-web")
endif()
