#include "engine/nn/vae_inference.h"

#include <algorithm>

#include "engine/base/require.h"

namespace pumice::nn {

/// [batch, in] → [batch, out], between two buffers.
class VaeInference::Half {
 public:
  using Function = std::function<Tensor(const Tensor&)>;

  Half(hal::Device& device, std::string_view name, uint32_t batch, uint32_t in, uint32_t out,
       const Function& function)
      : device_(device), name_(name), batch_(batch), in_(in), out_(out) {
    Graph graph(device.limits());
    input_ = device.allocate(padded_bytes({batch, in}, DType::kF32), name_ + ".input");
    output_ = device.allocate(padded_bytes({batch, out}, DType::kF32), name_ + ".output");
    Tensor result = function(graph.external(input_, {batch, in}, DType::kF32));
    ops::store(result, graph.external(output_, {batch, out}, DType::kF32));
    step_ = std::make_unique<Step>(device, graph, name);
  }

  std::unique_ptr<hal::Readback> start(std::span<const float> rows) {
    require(!rows.empty() && rows.size() % in_ == 0 && rows.size() <= uint64_t{batch_} * in_,
            "{}: expects 1 … {} rows of {} values, got {} values", name_, batch_, in_, rows.size());
    device_.write(*input_, std::as_bytes(rows));
    step_->run();
    return device_.read(*output_);
  }

  size_t dispatch_count() const { return step_->dispatch_count(); }

  std::vector<float> run(std::span<const float> rows) {
    require(rows.size() % in_ == 0, "{}: expects rows of {} values, got {} values", name_, in_,
            rows.size());
    std::vector<float> results;
    results.reserve(rows.size() / in_ * out_);
    while (!rows.empty()) {
      size_t taken = std::min<size_t>(rows.size(), uint64_t{batch_} * in_);
      std::vector<float> part = to_floats(start(rows.first(taken))->take(), taken / in_ * out_);
      results.insert(results.end(), part.begin(), part.end());
      rows = rows.subspan(taken);
    }
    return results;
  }

 private:
  hal::Device& device_;
  std::string name_;
  uint32_t batch_;
  uint32_t in_;
  uint32_t out_;
  hal::BufferPtr input_;
  hal::BufferPtr output_;
  std::unique_ptr<Step> step_;
};

VaeInference::VaeInference(hal::Device& device, const Vae& vae, uint32_t batch)
    : device_(device), vae_(vae), batch_(batch) {
  require(batch > 0, "inference: expects a batch of at least 1, got {}", batch);
}

VaeInference::~VaeInference() = default;

VaeInference::Half& VaeInference::encoder() {
  if (!encoder_) {
    encoder_ = std::make_unique<Half>(device_, "encode", batch_, picture_size(), 2 * latent_size(),
                                      [this](const Tensor& x) { return vae_.encode(x); });
  }
  return *encoder_;
}

VaeInference::Half& VaeInference::decoder() {
  if (!decoder_) {
    decoder_ = std::make_unique<Half>(device_, "decode", batch_, latent_size(), picture_size(),
                                      [this](const Tensor& z) { return vae_.decode(z); });
  }
  return *decoder_;
}

std::vector<float> VaeInference::encode(std::span<const float> pictures) {
  return encoder().run(pictures);
}

std::vector<float> VaeInference::decode(std::span<const float> latents) {
  return decoder().run(latents);
}

std::vector<float> VaeInference::reconstruct(std::span<const float> pictures) {
  const std::vector<float> moments = encode(pictures);
  const uint32_t size = latent_size();
  std::vector<float> means;
  for (size_t row = 0; row < moments.size(); row += 2 * size) {
    means.insert(means.end(), moments.begin() + row, moments.begin() + row + size);
  }
  return decode(means);
}

std::unique_ptr<hal::Readback> VaeInference::start_decode(std::span<const float> latents) {
  return decoder().start(latents);
}

std::unique_ptr<hal::Readback> VaeInference::start_encode(std::span<const float> pictures) {
  return encoder().start(pictures);
}

size_t VaeInference::decode_dispatches() { return decoder().dispatch_count(); }

}  // namespace pumice::nn
