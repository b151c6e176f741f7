#pragma once

#include <cstdint>

namespace pumice::formats {

/// For messages, which count memory in MiB.
constexpr double mebibytes(uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

}  // namespace pumice::formats
