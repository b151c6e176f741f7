#pragma once

#include <cstddef>
#include <functional>

namespace pumice {

/// Calls `job(0)` … `job(count - 1)` on a few threads, this one among them. Does all of them; then
/// throws what one of them threw.
void in_parallel(size_t count, const std::function<void(size_t)>& job);

}  // namespace pumice
