// A test program: the random numbers of a seed, drawn by the device and by the host.
#include <emscripten.h>

#include <memory>
#include <vector>

#include "engine/graph/step.h"
#include "engine/hal/cpu/cpu_device.h"
#include "engine/hal/webgpu/webgpu_device.h"
#include "engine/models/latents.h"
#include "engine/ops/ops.h"

namespace pumice {
namespace {

/// One step that draws `count` random words and as many normal numbers, and reads them back.
class Draw {
 public:
  Draw(std::unique_ptr<hal::Device> device, uint32_t seed, uint32_t at, uint32_t count)
      : device_(std::move(device)) {
    Graph graph(device_->limits());
    hal::BufferPtr memory = device_->allocate(16, "step_state");
    const std::vector<uint32_t> words = {at, seed, 0, 0};
    device_->write(*memory, std::as_bytes(std::span(words)));
    Tensor step_state = graph.external(memory, {4}, DType::kU32);
    Tensor bits = ops::random_bits(step_state, {count});
    Tensor normals = ops::normal(step_state, {count});
    step_ = std::make_unique<Step>(*device_, graph, "draw", Tensors{bits, normals});
    step_->run();
    bits_ = step_->read(bits);
    normals_ = step_->read(normals);
  }

  bool ready() { return bits_->ready() && normals_->ready(); }
  std::vector<std::byte> take_bits() { return bits_->take(); }
  std::vector<std::byte> take_normals() { return normals_->take(); }

 private:
  std::unique_ptr<hal::Device> device_;
  std::unique_ptr<Step> step_;
  std::unique_ptr<hal::Readback> bits_, normals_;
};

std::unique_ptr<Draw> draw;
std::vector<std::byte> bits, normals;
std::vector<float> latents;

}  // namespace
}  // namespace pumice

using namespace pumice;

extern "C" {

EMSCRIPTEN_KEEPALIVE void random_start(int seed, int step, int count, int on_processor) {
  auto device = on_processor != 0 ? hal::cpu::create_device() : hal::webgpu::create_device();
  draw = std::make_unique<Draw>(std::move(device), seed, step, count);
}

/// 1 once the numbers have arrived, 0 before.
EMSCRIPTEN_KEEPALIVE int random_poll() {
  if (!draw->ready()) return 0;
  bits = draw->take_bits();
  normals = draw->take_normals();
  return 1;
}

EMSCRIPTEN_KEEPALIVE const std::byte* random_bits() { return bits.data(); }
EMSCRIPTEN_KEEPALIVE const std::byte* random_normals() { return normals.data(); }

/// As many latents of one sample, drawn by the host.
EMSCRIPTEN_KEEPALIVE const float* random_latents(int seed, int count) {
  latents = models::normal_latents(seed, 0, 1, count);
  return latents.data();
}
}
