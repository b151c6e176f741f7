#include "engine/train/device_dataset.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/parts.h"
#include "kernels/batch_indices.h"
#include "kernels/gather_images.h"
#include "kernels/gather_labels.h"
#include "kernels/gather_more_images.h"

namespace pumice::train {
namespace {

/// Images first … first+count-1, each padded to whole words: shaders read four pixels at a time.
std::vector<std::byte> padded_images(const data::ImageSet& images, uint32_t first, uint32_t count,
                                     size_t padded) {
  const size_t size = images.image_size();
  std::vector<std::byte> bytes(count * padded);
  for (size_t i = 0; i < count; ++i) {
    std::memcpy(bytes.data() + i * padded, images.pixels.data() + (first + i) * size, size);
  }
  return bytes;
}

/// Half of the bits needed to number all examples, rounded up: the width of one Feistel half.
uint32_t half_bits(uint32_t examples) {
  auto bits = static_cast<uint32_t>(std::bit_width(examples - 1));
  return std::max(1u, (bits + 1) / 2);
}

}  // namespace

DeviceDataset::DeviceDataset(hal::Device& device, const data::ImageSet& images,
                             std::string_view label)
    : label_(label),
      source_(images.source),
      count_(images.count),
      classes_(images.classes()),
      image_({images.height, images.width, images.channels}) {
  require(count_ > 0 && image_.size() > 0, "{}: the data set has no images", label);
  require(images.labels.empty() || images.labels.size() == count_,
          "{}: the data set has {} images and {} labels", label, count_, images.labels.size());
  words_per_image_ = static_cast<uint32_t>((image_.size() + 3) / 4);
  upload_images(device, images);
  if (!images.labels.empty()) upload_labels(device, images.labels);
}

void DeviceDataset::upload_images(hal::Device& device, const data::ImageSet& images) {
  const size_t padded = words_per_image_ * size_t{4};
  const hal::Limits& limits = device.limits();
  // A buffer is rounded up to 16 bytes and bound as a whole.
  const uint64_t fits = (std::min(limits.max_binding_bytes, limits.max_buffer_bytes) - 15) / padded;
  require(fits > 0, "{}: an image of {} does not fit in a binding", label_, image_);
  for (uint32_t first = 0; first < count_;) {
    auto count = static_cast<uint32_t>(std::min<uint64_t>(fits, count_ - first));
    const std::vector<std::byte> bytes = padded_images(images, first, count, padded);
    Range range{device.allocate(bytes.size(), fmt::format("{}.pixels", label_)), first, count};
    device.write(*range.pixels, bytes);
    ranges_.push_back(std::move(range));
    first += count;
  }
}

void DeviceDataset::upload_labels(hal::Device& device, const std::vector<data::Label>& labels) {
  std::vector<data::Label> padded = labels;
  padded.resize(round_up(labels.size(), 2u));
  labels_ = device.allocate(padded.size() * sizeof(data::Label), fmt::format("{}.labels", label_));
  device.write(*labels_, std::as_bytes(std::span(padded)));
}

uint32_t DeviceDataset::full_steps(uint32_t batch) const {
  const std::string range = count_ == 1 ? "1 image" : fmt::format("1 … {} images", count_);
  require(batch > 0 && batch <= count_, "{}: expects a batch of {}{}, got {}", label_, range,
          source_.empty() ? "" : fmt::format(" (all of {})", source_), batch);
  return count_ / batch;
}

DeviceDataset::Batch DeviceDataset::shuffled_batch(const Tensor& step_state, uint32_t batch,
                                                   const Augmentation& augmentation) const {
  Scope scope(step_state.graph(), label_);
  Batch result = choose(step_state, batch, true, full_steps(batch));
  result.images = gather_images(step_state, result.indices, augmentation);
  result.labels = gather_labels(result.indices);
  return result;
}

DeviceDataset::Batch DeviceDataset::ordered_batch(const Tensor& step_state, uint32_t batch) const {
  Scope scope(step_state.graph(), label_);
  Batch result = choose(step_state, batch, false, covering_steps(batch));
  result.images = gather_images(step_state, result.indices, {});
  result.labels = gather_labels(result.indices);
  return result;
}

DeviceDataset::Batch DeviceDataset::choose(const Tensor& step_state, uint32_t batch, bool shuffled,
                                           uint32_t steps) const {
  Graph& graph = step_state.graph();
  const uint32_t rows = graph.rows_of(batch);
  Batch result;
  result.indices = graph.tensor({rows}, DType::kU32);
  result.weights = graph.tensor({rows}, DType::kF32);
  graph.add({
      .kernel = &kernels::batch_indices,
      .inputs = {step_state},
      .outputs = {result.indices, result.weights},
      .params = pack(kernels::BatchIndicesParams{.rows = rows,
                                                 .first = graph.batch_rows().first,
                                                 .batch = batch,
                                                 .examples = count_,
                                                 .steps_per_epoch = steps,
                                                 .half_bits = half_bits(count_),
                                                 .stream = graph.next_stream()}),
      .constants = {shuffled ? 1u : 0u},
      .grid = ops::grid_for(rows, kernels::batch_indices, graph.limits()),
  });
  return result;
}

Tensor DeviceDataset::gather_images(const Tensor& step_state, const Tensor& indices,
                                    const Augmentation& augmentation) const {
  Graph& graph = step_state.graph();
  const bool augmented = augmentation != Augmentation{};
  const uint32_t stream = augmented ? graph.next_stream() : 0;
  const uint32_t batch = indices.shape()[0];
  Tensors parts;
  for (const ops::RowPart& rows : ops::row_parts(label_, graph, batch, {}, image_.size())) {
    parts.push_back(gather_rows(step_state, indices, rows, augmentation, stream));
  }
  return ops::join(parts, {batch, static_cast<uint32_t>(image_.size())});
}

// One dispatch per buffer of the data set: each writes the rows it holds and copies the others.
Tensor DeviceDataset::gather_rows(const Tensor& step_state, const Tensor& indices,
                                  const ops::RowPart& rows, const Augmentation& augmentation,
                                  uint32_t stream) const {
  Graph& graph = step_state.graph();
  kernels::GatherImagesParams params{.begin = rows.begin,
                                     .height = image_[0],
                                     .width = image_[1],
                                     .channels = image_[2],
                                     .stride = words_per_image_,
                                     .scale = 1.0f / 255,
                                     .offset = 0,
                                     .flip = augmentation.flip ? 1u : 0u,
                                     .crop = augmentation.crop,
                                     .stream = stream,
                                     .rows_before = graph.batch_rows().first};
  Tensor before;
  for (const Range& range : ranges_) {
    Tensor pixels = graph.external(range.pixels, {range.count * words_per_image_}, DType::kU32);
    Tensor y = graph.tensor({rows.rows, static_cast<uint32_t>(image_.size())}, DType::kF32);
    params.count = ops::count(y);
    params.first = range.first;
    params.images = range.count;
    Tensors inputs = {pixels, indices, step_state};
    if (before) inputs.push_back(before);
    graph.add({
        .kernel = before ? &kernels::gather_more_images : &kernels::gather_images,
        .inputs = inputs,
        .outputs = {y},
        .params = pack(params),
        .constants = {augmentation != Augmentation{} ? 1u : 0u},
        .grid = ops::vec4_grid(y.size(), kernels::gather_images, graph.limits()),
    });
    before = y;
  }
  return before;
}

Tensor DeviceDataset::gather_labels(const Tensor& indices) const {
  if (!labels_) return {};
  Graph& graph = indices.graph();
  Tensor packed = graph.external(labels_, {(count_ + 1) / 2}, DType::kU32);
  Tensor y = graph.tensor(indices.shape(), DType::kU32);
  graph.add({
      .kernel = &kernels::gather_labels,
      .inputs = {packed, indices},
      .outputs = {y},
      .params = pack(kernels::GatherLabelsParams{.count = ops::count(y)}),
      .grid = ops::grid_for(y.size(), kernels::gather_labels, graph.limits()),
  });
  return y;
}

}  // namespace pumice::train
