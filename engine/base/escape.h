#pragma once

#include <string>
#include <string_view>

namespace pumice {

/// The text escaped for HTML and SVG, including attribute values.
std::string escaped_html(std::string_view text);

}  // namespace pumice
