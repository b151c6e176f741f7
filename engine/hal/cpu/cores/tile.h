#pragma once

#include <stdint.h>

namespace pumice::kernels {

/// The tile of C of a workgroup of the panels' kernels. It is the unit of work that threads share:
/// a thread computes consecutive tiles at once.
constexpr uint32_t kPanelsRows = 64;
constexpr uint32_t kPanelsColumns = 32;

}  // namespace pumice::kernels
