#pragma once

#include <string>
#include <string_view>

#include "engine/hal/tuning.h"

namespace pumice::io {

/// {"matmul 128x512x784 nt": ["block_64", 10], …}: the variant and the number of parts.
std::string choices_to_json(const hal::Tuning::Choices& choices);

/// Throws Error, beginning with `where`, if the text is not of this form.
hal::Tuning::Choices choices_from_json(std::string_view text, const std::string& where);

}  // namespace pumice::io
