#pragma once

#include <string_view>

namespace pumice {

/// The name by which Pumice recognises files that it wrote: a text chunk "Software" in PNGs, a
/// comment in GIFs, <meta name="generator"> in pages, the key "generator" in JSON files.
inline constexpr std::string_view kGenerator = "Pumice";

}  // namespace pumice
