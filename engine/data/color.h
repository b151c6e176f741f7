#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pumice::data {

using Rgb = std::array<uint8_t, 3>;

/// The accepted forms of colours, for error messages.
constexpr std::string_view kColorForms = "\"black\", \"white\" or a colour like \"#80c0ff\"";

/// Parses "black", "white" or "#80c0ff"; nullopt for other texts.
std::optional<Rgb> color_by_name(std::string_view name);

}  // namespace pumice::data
