#pragma once

#include <filesystem>
#include <functional>

#include "engine/self_test/self_test.h"

/// The verdicts of self-tests, one small JSON file for each device, driver and version of the
/// kernels. A file that cannot be read or written only means that the test runs again.
namespace pumice::system {

/// What to disable on this device. If no verdict is remembered in `folder`, runs the self-test's
/// short form, remembers what it found and calls `notify`, if given, with a line for every core
/// that is switched off. With an empty path nothing is remembered.
self_test::Disabled cached_self_test(hal::Device& device, const std::filesystem::path& folder,
                                     const std::function<void(const std::string&)>& notify = {});

/// Remembers a report. Without an effect if nothing can be written.
void remember_self_test(const hal::Limits& limits, const self_test::Report& report,
                        const std::filesystem::path& folder);

/// "llvmpipe: matmul, block_64 is wrong (…) and is not used": a line for each core that failed.
std::vector<std::string> switched_off(const hal::Limits& limits, const self_test::Report& report);

}  // namespace pumice::system
