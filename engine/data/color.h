#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pumice::data {

using Rgb = std::array<uint8_t, 3>;

/// What colours may be written as, for errors.
constexpr std::string_view kColorForms = "\"black\", \"white\" or a colour like \"#80c0ff\"";

/// "black", "white", "#80c0ff"; nothing for other texts.
std::optional<Rgb> color_by_name(std::string_view name);

}  // namespace pumice::data
