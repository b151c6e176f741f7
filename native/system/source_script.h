#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pumice::system {

/// `scripts/setup` of the source tree in which this program was built; empty for an installed
/// program.
std::filesystem::path setup_script();

/// Runs a script and waits for it; redirects its output to stderr. Throws Error when it fails.
void run_script(const std::filesystem::path& script, const std::vector<std::string>& arguments);

}  // namespace pumice::system
