#pragma once

#include "engine/base/divide_up.h"
#include "engine/data/image_set.h"
#include "engine/ops/parts.h"

namespace pumice::train {

/// Changes by chance that make more of a training picture; new ones at every step.
struct Augmentation {
  bool flip = false;  ///< mirror every second picture, left to right
  uint32_t crop = 0;  ///< move by up to so many pixels each way; zeros come in at the border
  bool operator==(const Augmentation&) const = default;
};

/// A data set in device memory, as 8-bit pixels: batches are gathered there, so an epoch moves no
/// picture. Which ones depends on the step and seed of `step_state`: see graph/step_state.h.
class DeviceDataset {
 public:
  /// Uploads the pictures, however many bindings they fill. Throws Error when there are none.
  DeviceDataset(hal::Device& device, const data::ImageSet& images, std::string_view label);

  struct Batch {
    Tensor pictures;  ///< f32 [B, height·width·channels], 0 … 1
    Tensor indices;   ///< u32 [B], into the data set
    Tensor weights;   ///< f32 [B], 0 for rows past the end of the data set
    Tensor labels;    ///< u32 [B]; absent where the pictures have no classes
  };
  /// The batch of the current step out of the epoch's permutation. Every epoch has another one;
  /// what does not fill a last batch is left out of it.
  Batch shuffled_batch(const Tensor& step_state, uint32_t batch,
                       const Augmentation& augmentation = {}) const;
  /// The batch of the current step in the order of the data set; the last may be partly weightless.
  Batch ordered_batch(const Tensor& step_state, uint32_t batch) const;

  /// Steps of full batches in an epoch. Throws Error when the batch is larger than the data set.
  uint32_t full_steps(uint32_t batch) const;
  /// Steps until ordered batches have covered everything.
  uint32_t covering_steps(uint32_t batch) const { return divide_up(count_, batch); }

  uint32_t count() const { return count_; }
  uint32_t classes() const { return classes_; }      ///< 0 without labels
  const Shape& picture() const { return picture_; }  ///< [height, width, channels]

 private:
  /// Pictures that one binding holds.
  struct Range {
    hal::BufferPtr pixels;
    uint32_t first = 0;
    uint32_t count = 0;
  };

  void upload_pictures(hal::Device& device, const data::ImageSet& images);
  void upload_labels(hal::Device& device, const std::vector<data::Label>& labels);
  Batch choose(const Tensor& step_state, uint32_t batch, bool shuffled, uint32_t steps) const;
  Tensor gather_pictures(const Tensor& step_state, const Tensor& indices,
                         const Augmentation& augmentation) const;
  /// A part of the batch.
  Tensor gather_rows(const Tensor& step_state, const Tensor& indices, const ops::RowPart& rows,
                     const Augmentation& augmentation, uint32_t stream) const;
  Tensor gather_labels(const Tensor& indices) const;

  std::string label_;
  std::string source_;  ///< of the pictures, for errors
  uint32_t count_;
  uint32_t classes_;
  Shape picture_;
  uint32_t words_per_picture_;
  std::vector<Range> ranges_;
  hal::BufferPtr labels_;  ///< null where the pictures have no classes
};

}  // namespace pumice::train
