#pragma once

#include <cstddef>
#include <functional>

namespace pumice {

/// Calls `job(0)` … `job(count - 1)` on a few threads, including the calling one. Runs all of them,
/// then rethrows an exception if any job threw one.
void in_parallel(size_t count, const std::function<void(size_t)>& job);

}  // namespace pumice
