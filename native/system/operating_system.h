#pragma once

#include <string>

namespace pumice::system {

/// "Debian GNU/Linux 12 (bookworm), Linux 6.1.0, x86_64".
std::string operating_system();

}  // namespace pumice::system
