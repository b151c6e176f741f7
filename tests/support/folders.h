#pragma once

#include <filesystem>

namespace pumice::test {

/// The folder of the repository that the tests were built from; another machine may not have it.
std::filesystem::path source_folder();

/// The build folder, with the program and the tests; another machine may not have it.
std::filesystem::path build_folder();

}  // namespace pumice::test
