#pragma once

#include <vector>

#include "engine/hal/webgpu/buffer.h"
#include "engine/hal/webgpu/pipelines.h"

namespace pumice::hal::webgpu {

/// A plan with its pipelines and bind groups built and all params in one uniform buffer; one call
/// into JavaScript encodes and submits it.
class Program final : public hal::Program {
 public:
  Program(Pipelines& pipelines, const Plan& plan);

  int handle() const { return handle_.index(); }

 private:
  std::vector<BufferPtr> buffers_;  // kept alive as long as the program
  Handle handle_;
};

}  // namespace pumice::hal::webgpu
