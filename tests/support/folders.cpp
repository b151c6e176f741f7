#include "tests/support/folders.h"

namespace pumice::test {

std::filesystem::path source_folder() { return PUMICE_SOURCE_DIR; }

std::filesystem::path build_folder() { return PUMICE_BINARY_DIR; }

}  // namespace pumice::test
