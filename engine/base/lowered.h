#pragma once

#include <string>
#include <string_view>

namespace pumice {

/// The text with its letters A to Z in lower case; other bytes, such as UTF-8's, stay.
inline std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace pumice
