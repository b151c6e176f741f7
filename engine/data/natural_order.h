#pragma once

#include <string_view>

namespace pumice::data {

/// Natural order: numbers compare by value ("2" before "10"), everything else by bytes. Names that
/// differ only in leading zeros compare by bytes.
bool naturally_before(std::string_view a, std::string_view b);

}  // namespace pumice::data
