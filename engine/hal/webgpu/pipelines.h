#pragma once

#include <map>
#include <utility>
#include <vector>

#include "engine/hal/plan.h"

namespace pumice::hal::webgpu {

/// All pipelines of a device, each built once per kernel and set of specialization constants. They
/// live as long as the page.
class Pipelines {
 public:
  /// The browser's handle; builds the pipeline on first use. Throws Error for a kernel without
  /// WGSL.
  int pipeline(const Dispatch& dispatch);

 private:
  using Key = std::pair<const Kernel*, std::vector<uint32_t>>;
  std::map<Key, int> pipelines_;
};

/// Specialization constants as WebGPU expects them, as numbers instead of bits. `types`: see
/// Kernel::constant_types.
std::vector<double> constant_values(const std::vector<uint32_t>& words, std::string_view types);

}  // namespace pumice::hal::webgpu
