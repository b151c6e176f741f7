#pragma once

#include <string>
#include <string_view>

namespace pumice::formats {

/// A text as HTML and SVG show it, also within quotes, whatever it holds.
std::string escaped_html(std::string_view text);

}  // namespace pumice::formats
