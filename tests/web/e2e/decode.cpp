// A test program: decodes latents with a checkpoint in the browser, with WebGPU or on the
// processor. decode.html drives it through the functions below.
#include <emscripten.h>
#include <emscripten/proxying.h>
#include <emscripten/threading.h>

#include <cstring>
#include <memory>
#include <string>

#include "engine/hal/cpu/cpu_device.h"
#include "engine/hal/webgpu/webgpu_device.h"
#include "engine/io/checkpoint.h"
#include "engine/models/inference.h"

namespace pumice {
namespace {

/// A checkpoint ready to decode.
class Model {
 public:
  Model(std::unique_ptr<hal::Device> device, std::vector<std::byte> file, uint32_t batch)
      : device_(std::move(device)),
        checkpoint_(io::Safetensors(std::move(file), "model")),
        networks_(checkpoint_.network().build(checkpoint_.inference_options())) {
    networks_->allocate(*device_);
    checkpoint_.load(*networks_, *device_);
    inference_ = std::make_unique<models::Inference>(*device_, *networks_, batch);
  }

  void start(std::span<const float> latents, std::span<const uint32_t> labels) {
    readback_ = inference_->start_decode(latents, labels);
  }
  bool ready() { return readback_->ready(); }
  std::vector<std::byte> take() { return readback_->take(); }
  uint32_t latent_size() const { return inference_->latent_size(); }

 private:
  std::unique_ptr<hal::Device> device_;
  io::Checkpoint checkpoint_;
  std::unique_ptr<models::Model> networks_;
  std::unique_ptr<models::Inference> inference_;
  std::unique_ptr<hal::Readback> readback_;
};

constexpr double kTurn = 12;  // milliseconds

std::unique_ptr<Model> model;
std::vector<std::byte> images;
std::string message;

hal::cpu::QueuedDevice* processor = nullptr;  // the model's device, if it is the processor

/// Calls Module.onReadback in the page's thread, as WebGPU does.
void announce() {
  emscripten_proxy_async(
      emscripten_proxy_get_system_queue(), emscripten_main_runtime_thread_id(),
      [](void*) { EM_ASM(Module["onReadback"] ?.()); }, nullptr);
}

std::unique_ptr<hal::Device> open_device(uint32_t threads) {
  processor = nullptr;
  if (threads == 0) return hal::webgpu::create_device();
  auto device = hal::cpu::create_queued_device({.threads = threads}, announce);
  processor = device.get();
  return device;
}

/// Calls `body`. If it throws, keeps the message for decode_error() and returns -1.
template <typename Body>
int guarded(Body body) {
  try {
    return body();
  } catch (const std::exception& error) {
    message = error.what();
    return -1;
  }
}

}  // namespace
}  // namespace pumice

using namespace pumice;

extern "C" {

EMSCRIPTEN_KEEPALIVE const char* decode_error() { return message.c_str(); }

/// `threads`: of the processor; 0: WebGPU.
EMSCRIPTEN_KEEPALIVE int decode_open(const std::byte* file, int bytes, int batch,
                                     uint32_t threads) {
  return guarded([&] {
    model = nullptr;
    model = std::make_unique<Model>(open_device(threads), std::vector(file, file + bytes), batch);
    return static_cast<int>(model->latent_size());
  });
}

/// `labels`: null unless the model is conditional.
EMSCRIPTEN_KEEPALIVE int decode_start(const float* latents, const uint32_t* labels, int count) {
  return guarded([&] {
    const auto rows = static_cast<size_t>(count);
    model->start(std::span(latents, rows * model->latent_size()),
                 {labels, labels != nullptr ? rows : 0});
    return 0;
  });
}

/// The number of bytes once the images have arrived, 0 before. Works on the processor for a part of
/// a frame, if it waits for that.
EMSCRIPTEN_KEEPALIVE int decode_poll() {
  return guarded([&] {
    if (processor != nullptr) processor->work(kTurn);
    if (!model->ready()) return 0;
    images = model->take();
    return static_cast<int>(images.size());
  });
}

/// Whether decode_poll() has something to work on; otherwise the images arrive by
/// Module.onReadback.
EMSCRIPTEN_KEEPALIVE int decode_has_work() {
  return processor != nullptr && processor->has_work() ? 1 : 0;
}

EMSCRIPTEN_KEEPALIVE const std::byte* decode_images() { return images.data(); }
}
