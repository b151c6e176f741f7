#include "engine/nn/inference.h"

#include <algorithm>

#include "engine/base/require.h"

namespace pumice::nn {

/// [batch, in] and perhaps labels → [batch, out], between buffers.
class Inference::Direction {
 public:
  using Function = std::function<Tensor(const Tensor& rows, const Tensor& labels)>;

  struct Sizes {
    uint32_t batch = 0;
    uint32_t in = 0;
    uint32_t out = 0;
    uint32_t classes = 0;  ///< 0: without labels
  };

  Direction(hal::Device& device, std::string_view name, const Sizes& sizes,
            const Function& function)
      : device_(device), name_(name), sizes_(sizes) {
    const Shape in{sizes.batch, sizes.in};
    const Shape out{sizes.batch, sizes.out};
    Graph graph(device.limits());
    input_ = device.allocate(padded_bytes(in, DType::kF32), name_ + ".input");
    output_ = device.allocate(padded_bytes(out, DType::kF32), name_ + ".output");
    Tensor labels;
    if (sizes.classes > 0) {
      labels_ = device.allocate(padded_bytes({sizes.batch}, DType::kU32), name_ + ".labels");
      labels = graph.external(labels_, {sizes.batch}, DType::kU32);
    }
    Tensor result = function(graph.external(input_, in, DType::kF32), labels);
    ops::store(result, graph.external(output_, out, DType::kF32));
    step_ = std::make_unique<Step>(device, graph, name);
  }

  std::unique_ptr<hal::Readback> start(std::span<const float> rows, Labels labels) {
    require(
        !rows.empty() && rows.size() % sizes_.in == 0 && rows.size() / sizes_.in <= sizes_.batch,
        "{}: expects 1 … {} rows of {} values, got {} values", name_, sizes_.batch, sizes_.in,
        rows.size());
    if (labels_) write_labels(labels, rows.size() / sizes_.in);
    device_.write(*input_, std::as_bytes(rows));
    step_->run();
    return device_.read(*output_);
  }

  std::vector<float> run(std::span<const float> rows, Labels labels) {
    require(rows.size() % sizes_.in == 0, "{}: expects rows of {} values, got {} values", name_,
            sizes_.in, rows.size());
    std::vector<float> results;
    results.reserve(rows.size() / sizes_.in * sizes_.out);
    while (!rows.empty()) {
      const size_t count = std::min<size_t>(rows.size() / sizes_.in, sizes_.batch);
      const size_t labelled = std::min(count, labels.size());
      auto readback = start(rows.first(count * sizes_.in), labels.first(labelled));
      std::vector<float> part = to_floats(readback->take(), count * sizes_.out);
      results.insert(results.end(), part.begin(), part.end());
      rows = rows.subspan(count * sizes_.in);
      labels = labels.subspan(labelled);
    }
    return results;
  }

  size_t dispatch_count() const { return step_->dispatch_count(); }

 private:
  void write_labels(Labels labels, size_t rows) {
    const bool fit = std::all_of(labels.begin(), labels.end(),
                                 [&](uint32_t label) { return label < sizes_.classes; });
    require(fit && labels.size() == rows, "{}: expects {} labels below {}, got {}{}", name_, rows,
            sizes_.classes, labels.size(), fit ? "" : ", one of them beyond");
    device_.write(*labels_, std::as_bytes(labels));
  }

  hal::Device& device_;
  std::string name_;
  Sizes sizes_;
  hal::BufferPtr input_;
  hal::BufferPtr labels_;
  hal::BufferPtr output_;
  std::unique_ptr<Step> step_;
};

Inference::Inference(hal::Device& device, const Model& model, uint32_t batch)
    : device_(device), model_(model), batch_(batch) {
  require(batch > 0, "inference: expects a batch of at least 1, got {}", batch);
}

Inference::~Inference() = default;

Inference::Direction& Inference::encoder() {
  if (!encoder_) {
    model_.require_encoder();
    const Direction::Sizes sizes{batch_, picture_size(), 2 * latent_size(), classes()};
    encoder_ = std::make_unique<Direction>(
        device_, "encode", sizes,
        [this](const Tensor& x, const Tensor& labels) { return model_.encode(x, labels); });
  }
  return *encoder_;
}

Inference::Direction& Inference::decoder() {
  if (!decoder_) {
    model_.require_decoder();
    const Direction::Sizes sizes{batch_, latent_size(), picture_size(), classes()};
    decoder_ = std::make_unique<Direction>(
        device_, "decode", sizes,
        [this](const Tensor& z, const Tensor& labels) { return model_.decode(z, labels); });
  }
  return *decoder_;
}

std::vector<float> Inference::encode(std::span<const float> pictures, Labels labels) {
  return encoder().run(pictures, labels);
}

std::vector<float> Inference::decode(std::span<const float> latents, Labels labels) {
  return decoder().run(latents, labels);
}

std::vector<float> Inference::reconstruct(std::span<const float> pictures, Labels labels) {
  const std::vector<float> moments = encode(pictures, labels);
  const uint32_t size = latent_size();
  std::vector<float> means;
  for (size_t row = 0; row < moments.size(); row += 2 * size) {
    means.insert(means.end(), moments.begin() + row, moments.begin() + row + size);
  }
  return decode(means, labels);
}

std::unique_ptr<hal::Readback> Inference::start_decode(std::span<const float> latents,
                                                       Labels labels) {
  return decoder().start(latents, labels);
}

std::unique_ptr<hal::Readback> Inference::start_encode(std::span<const float> pictures,
                                                       Labels labels) {
  return encoder().start(pictures, labels);
}

size_t Inference::decode_dispatches() { return decoder().dispatch_count(); }

}  // namespace pumice::nn
