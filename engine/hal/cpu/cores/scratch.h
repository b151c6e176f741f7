#pragma once

#include <cstddef>

namespace pumice::hal::cpu {

/// Memory of this thread for `count` floats, at a multiple of 64 bytes. The next call may move it.
float* scratch(size_t count);

}  // namespace pumice::hal::cpu
