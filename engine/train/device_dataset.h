#pragma once

#include "engine/base/divide_up.h"
#include "engine/data/image_set.h"
#include "engine/ops/parts.h"

namespace pumice::train {

/// Random augmentation of training images, drawn anew at every step.
struct Augmentation {
  bool flip = false;  ///< mirror each image left to right with probability 1/2
  uint32_t crop = 0;  ///< shift by up to this many pixels in each direction, padding with zeros
  bool operator==(const Augmentation&) const = default;
};

/// A data set in device memory, as 8-bit pixels. Batches are gathered on the device, so an epoch
/// transfers no images. The step and seed of `step_state` select the batch: see
/// graph/step_state.h.
class DeviceDataset {
 public:
  /// Uploads the images, split over as many buffers as they need. Throws Error when there are
  /// none.
  DeviceDataset(hal::Device& device, const data::ImageSet& images, std::string_view label);

  struct Batch {
    Tensor images;   ///< f32 [B, height·width·channels], 0 … 1
    Tensor indices;  ///< u32 [B], into the data set
    Tensor weights;  ///< f32 [B], 0 for rows past the end of the data set
    Tensor labels;   ///< u32 [B]; absent if the images have no labels
  };
  /// The current step's batch of the epoch's permutation, or the rows of it that the graph
  /// computes. Every epoch has a different permutation; the remainder that does not fill a batch is
  /// dropped.
  Batch shuffled_batch(const Tensor& step_state, uint32_t batch,
                       const Augmentation& augmentation = {}) const;
  /// The same in data set order; the last batch may be padded with zero weights.
  Batch ordered_batch(const Tensor& step_state, uint32_t batch) const;

  /// Full batches in an epoch. Throws Error if the batch is larger than the data set.
  uint32_t full_steps(uint32_t batch) const;
  /// Steps until ordered batches have covered the whole data set.
  uint32_t covering_steps(uint32_t batch) const { return divide_up(count_, batch); }

  uint32_t count() const { return count_; }
  uint32_t classes() const { return classes_; }  ///< 0 without labels
  const Shape& image() const { return image_; }  ///< [height, width, channels]

 private:
  /// A range of images that fits in one binding.
  struct Range {
    hal::BufferPtr pixels;
    uint32_t first = 0;
    uint32_t count = 0;
  };

  void upload_images(hal::Device& device, const data::ImageSet& images);
  void upload_labels(hal::Device& device, const std::vector<data::Label>& labels);
  Batch choose(const Tensor& step_state, uint32_t batch, bool shuffled, uint32_t steps) const;
  Tensor gather_images(const Tensor& step_state, const Tensor& indices,
                       const Augmentation& augmentation) const;
  /// Gathers a part of the batch.
  Tensor gather_rows(const Tensor& step_state, const Tensor& indices, const ops::RowPart& rows,
                     const Augmentation& augmentation, uint32_t stream) const;
  Tensor gather_labels(const Tensor& indices) const;

  std::string label_;
  std::string source_;  ///< of the images, for error messages
  uint32_t count_;
  uint32_t classes_;
  Shape image_;
  uint32_t words_per_image_;
  std::vector<Range> ranges_;
  hal::BufferPtr labels_;  ///< null if the images have no labels
};

}  // namespace pumice::train
