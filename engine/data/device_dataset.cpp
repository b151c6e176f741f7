#include "engine/data/device_dataset.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "kernels/batch_indices.h"
#include "kernels/gather_images.h"

namespace pumice::data {
namespace {

/// Each picture begins at a whole word: shaders read 8-bit pixels four at a time.
std::vector<std::byte> padded_pictures(const ImageSet& images, size_t picture, size_t padded) {
  std::vector<std::byte> bytes(images.count * padded);
  for (size_t i = 0; i < images.count; ++i) {
    std::memcpy(bytes.data() + i * padded, images.pixels.data() + i * picture, picture);
  }
  return bytes;
}

/// Half the bits that number all examples, rounded up: the halves of the Feistel network.
uint32_t half_bits(uint32_t examples) {
  auto bits = static_cast<uint32_t>(std::bit_width(examples - 1));
  return std::max(1u, (bits + 1) / 2);
}

}  // namespace

DeviceDataset::DeviceDataset(hal::Device& device, const ImageSet& images, std::string_view label)
    : label_(label),
      count_(images.count),
      picture_({images.height, images.width, images.channels}) {
  require(count_ > 0 && picture_.size() > 0, "{}: the data set has no pictures", label);
  words_per_picture_ = static_cast<uint32_t>((picture_.size() + 3) / 4);
  const std::vector<std::byte> bytes =
      padded_pictures(images, picture_.size(), words_per_picture_ * 4ul);
  pixels_ = device.allocate(bytes.size(), fmt::format("{}.pixels", label));
  device.write(*pixels_, bytes);
}

uint32_t DeviceDataset::full_steps(uint32_t batch) const {
  require(batch > 0 && batch <= count_, "{}: expects a batch of 1 … {} pictures, got {}", label_,
          count_, batch);
  return count_ / batch;
}

DeviceDataset::Batch DeviceDataset::shuffled_batch(const Tensor& clock, uint32_t batch) const {
  return this->batch(clock, batch, true, full_steps(batch));
}

DeviceDataset::Batch DeviceDataset::ordered_batch(const Tensor& clock, uint32_t batch) const {
  return this->batch(clock, batch, false, covering_steps(batch));
}

DeviceDataset::Batch DeviceDataset::batch(const Tensor& clock, uint32_t batch, bool shuffled,
                                          uint32_t steps) const {
  Graph& graph = clock.graph();
  Scope scope(graph, label_);
  auto picture = static_cast<uint32_t>(picture_.size());
  Batch result{.pictures = graph.tensor({batch, picture}, DType::kF32),
               .indices = graph.tensor({batch}, DType::kU32),
               .weights = graph.tensor({batch}, DType::kF32)};
  graph.add({
      .kernel = &kernels::batch_indices,
      .inputs = {clock},
      .outputs = {result.indices, result.weights},
      .params = pack(kernels::BatchIndicesParams{.batch = batch,
                                                 .examples = count_,
                                                 .steps_per_epoch = steps,
                                                 .half_bits = half_bits(count_),
                                                 .stream = graph.next_stream()}),
      .constants = {shuffled ? 1u : 0u},
      .grid = ops::grid_for(batch, kernels::batch_indices, graph.limits()),
  });
  Tensor pixels = graph.external(pixels_, {count_ * words_per_picture_}, DType::kU32);
  graph.add({
      .kernel = &kernels::gather_images,
      .inputs = {pixels, result.indices},
      .outputs = {result.pictures},
      .params = pack(kernels::GatherImagesParams{.count = ops::count(result.pictures),
                                                 .picture = picture,
                                                 .stride = words_per_picture_,
                                                 .scale = 1.0f / 255,
                                                 .offset = 0}),
      .grid = ops::vec4_grid(result.pictures.size(), kernels::gather_images, graph.limits()),
  });
  return result;
}

}  // namespace pumice::data
