#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pumice::system {

/// The word quoted for a POSIX shell, if it contains anything but letters, digits and "_-./:=@%+,".
std::string shell_word(std::string_view word);

/// A command that can be pasted into a shell.
std::string shell_command(std::span<const std::string> words);

}  // namespace pumice::system
