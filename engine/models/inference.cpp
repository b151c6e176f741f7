#include "engine/models/inference.h"

#include "engine/base/require.h"

namespace pumice::models {

Inference::Inference(hal::Device& device, const Model& model, uint32_t batch)
    : device_(device), model_(model), batch_(batch), sampling_(default_sampling(model.family())) {
  require(batch > 0, "inference: expects a batch of at least 1, got {}", batch);
}

void Inference::set_sampling(std::vector<double> values) {
  require_sampling(model_.description(), values);
  sampling_ = std::move(values);
}

Direction& Inference::encoder() {
  if (!encoder_) {
    model_.require_encoder();
    const Direction::Sizes sizes{batch_, image_size(), 2 * latent_size(), classes()};
    encoder_ = std::make_unique<Direction>(
        device_, "encode", sizes, [this](uint32_t, const DecodeInput& input) {
          return Decoded{model_.encode(input.latents, input.labels)};
        });
  }
  return *encoder_;
}

Direction& Inference::decoder() {
  if (!decoder_) {
    model_.require_decoder();
    const Direction::Sizes sizes{batch_, latent_size(), image_size(), classes()};
    decoder_ = std::make_unique<Direction>(device_, "decode", sizes,
                                           [this](uint32_t program, const DecodeInput& input) {
                                             return model_.decode(program, input);
                                           });
  }
  return *decoder_;
}

std::vector<float> Inference::encode(std::span<const float> images, Labels labels) {
  return encoder().run({{}}, images, labels);
}

std::vector<float> Inference::encode_means(std::span<const float> images, Labels labels) {
  const std::vector<float> moments = encode(images, labels);
  const uint32_t size = latent_size();
  std::vector<float> means;
  for (size_t row = 0; row < moments.size(); row += 2 * size) {
    means.insert(means.end(), moments.begin() + row, moments.begin() + row + size);
  }
  return means;
}

std::vector<float> Inference::decode(std::span<const float> latents, Labels labels) {
  return decoder().run(decode_passes(), latents, labels);
}

std::vector<std::vector<float>> Inference::decode_each_pass(std::span<const float> latents,
                                                            Labels labels) {
  return decoder().run_each(decode_passes(), latents, labels);
}

std::vector<float> Inference::reconstruct(std::span<const float> images, Labels labels) {
  return decode(encode_means(images, labels), labels);
}

std::unique_ptr<hal::Readback> Inference::start_decode(std::span<const float> latents,
                                                       Labels labels) {
  return decoder().start(decode_passes(), latents, labels);
}

std::unique_ptr<hal::Readback> Inference::start_encode(std::span<const float> images,
                                                       Labels labels) {
  return encoder().start({{}}, images, labels);
}

size_t Inference::decode_dispatches() { return decoder().dispatches(decode_passes()); }

}  // namespace pumice::models
