#pragma once

#include <string>

namespace pumice::system {

/// "Debian GNU/Linux 12 (bookworm), Linux 6.1.0, x86_64".
std::string operating_system();

/// How many threads wanted to run during the last minute, on average; 0 if unknown.
double load_average();

}  // namespace pumice::system
