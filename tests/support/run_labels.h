#pragma once

#include <string>
#include <vector>

#include "native/sweeps/sweep.h"

namespace pumice::test {

/// How the runs of a sweep are labelled, in their order.
inline std::vector<std::string> run_labels(const Sweep& sweep) {
  std::vector<std::string> labels;
  for (const SweepRun& run : sweep.runs) labels.push_back(run.label());
  return labels;
}

}  // namespace pumice::test
