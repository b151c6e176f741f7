#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pumice::system {

/// `scripts/setup` of the sources in whose folder this program was built; empty where it was
/// installed elsewhere.
std::filesystem::path setup_script();

/// Runs a script to its end; what it prints goes to stderr. Throws Error when it fails.
void run_script(const std::filesystem::path& script, const std::vector<std::string>& arguments);

}  // namespace pumice::system
