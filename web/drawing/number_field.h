#pragma once

#include <cstdint>

namespace pumice::web {

/// A whole number with buttons that change it by 1, as wide as ImGui::SetNextItemWidth says. It is
/// typed into the mirror's field at the same place: see mirror.js.
void number_field(const char* label, uint64_t& value);

}  // namespace pumice::web
