#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>

#include "engine/base/require.h"

/// What the programs of this folder share.
namespace pumice::bench {

/// The side of a program in peers/interleave.py: reads "run N" lines and answers with the seconds
/// that N steps took, until the input ends.
inline void serve(const std::function<double(uint32_t steps)>& seconds) {
  std::string word;
  uint32_t steps = 0;
  while (std::cin >> word >> steps) {
    require(word == "run", "expects lines of the form 'run N', got '{}'", word);
    std::cout << fmt::format("{}\n", seconds(steps)) << std::flush;
  }
}

/// For main(): the status of `run`; an error is one line that begins with `name`.
inline int run_program(std::string_view name, const std::function<int()>& run) try {
  return run();
} catch (const std::exception& error) {
  fmt::print(stderr, "{}: {}\n", name, error.what());
  return 1;
}

}  // namespace pumice::bench
