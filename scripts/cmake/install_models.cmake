# Run by cmake --install: puts the models in the environment variable PUMICE_MODELS (run folders or
# checkpoints, separated by ;) beside the page, with the index that it reads. `pumice export` makes them
# small, if the program was built or is in PATH; PUMICE_PROGRAM is another. Files that it does not
# export, such as exported ones, are copied.
find_program(PUMICE_PROGRAM pumice HINTS "${CMAKE_CURRENT_LIST_DIR}/../../build/native")

function(install_model model file)
  set(reason "no pumice program is at hand")
  if(PUMICE_PROGRAM)
    execute_process(COMMAND "${PUMICE_PROGRAM}" export "${model}" --web --force --out "${file}"
                    RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE reason
                    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_STRIP_TRAILING_WHITESPACE)
    if(status EQUAL 0)
      message(STATUS "${said}")
      return()
    endif()
  endif()
  message(STATUS "Copied as it is, not exported (pumice export --web): ${reason}")
  file(COPY_FILE "${model}" "${file}")
endfunction()

set(models "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/models")
file(MAKE_DIRECTORY "${models}")
set(index "[]")
set(count 0)
foreach(model IN LISTS PUMICE_MODELS)
  cmake_path(ABSOLUTE_PATH model BASE_DIRECTORY "$ENV{PWD}" NORMALIZE)
  string(REGEX REPLACE "/$" "" model "${model}")
  cmake_path(GET model STEM LAST_ONLY name)
  if(IS_DIRECTORY "${model}")
    cmake_path(GET model FILENAME name)
    string(APPEND model /checkpoint.safetensors)
  endif()
  if(NOT EXISTS "${model}")
    message(FATAL_ERROR "PUMICE_MODELS: expected a run's folder or a checkpoint, found no ${model}")
  endif()
  message(STATUS "Installing: ${models}/${count}.safetensors (${name})")
  install_model("${model}" "${models}/${count}.safetensors")
  set(entry "{\"file\": \"${count}.safetensors\"}")
  string(JSON entry SET "${entry}" name "\"${name}\"")
  string(JSON index SET "${index}" ${count} "${entry}")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE "${models}/index.json" "${index}\n")
