#pragma once

#include <string_view>

namespace pumice::data {

/// Whether `a` comes before `b` as people count: numbers by their value ("2" before "10"), all else
/// by its bytes. Names that differ only in leading zeros are in the order of their bytes.
bool naturally_before(std::string_view a, std::string_view b);

}  // namespace pumice::data
