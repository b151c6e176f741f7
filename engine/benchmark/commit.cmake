# Writes OUTPUT, a C++ file with the commit of the source tree in FOLDER, "" outside of a repository:
# cmake -D FOLDER=... -D OUTPUT=... -P commit.cmake
execute_process(COMMAND git -C "${FOLDER}" describe --always --dirty --abbrev=9 --exclude=*
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
                RESULT_VARIABLE failure)
if(failure)
  set(commit "")
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT [[#include "engine/benchmark/setting.h"

namespace pumice::benchmark {

std::string_view commit() { return "@commit@"; }

}  // namespace pumice::benchmark
]] @ONLY)
