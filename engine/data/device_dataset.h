#pragma once

#include "engine/data/image_set.h"
#include "engine/graph/graph.h"

namespace pumice::data {

/// A data set in device memory, as 8-bit pixels: batches are gathered there, so an epoch moves no
/// picture. `clock`s are u32[4] = {step, seed's low word, high word, 0}.
class DeviceDataset {
 public:
  /// Uploads the pictures. Throws Error when there are none.
  DeviceDataset(hal::Device& device, const ImageSet& images, std::string_view label);

  struct Batch {
    Tensor pictures;  ///< f32 [B, height·width·channels], 0 … 1
    Tensor indices;   ///< u32 [B], into the data set
    Tensor weights;   ///< f32 [B], 0 for rows past the end of the data set
  };
  /// The batch of the clock's step out of the epoch's permutation. Every epoch has another one;
  /// what does not fill a last batch is left out of it.
  Batch shuffled_batch(const Tensor& clock, uint32_t batch) const;
  /// The batch of the clock's step in the order of the data set; the last may be partly weightless.
  Batch ordered_batch(const Tensor& clock, uint32_t batch) const;

  /// Steps of full batches in an epoch. Throws Error when the batch is larger than the data set.
  uint32_t full_steps(uint32_t batch) const;
  /// Steps until ordered batches have covered everything.
  uint32_t covering_steps(uint32_t batch) const { return (count_ + batch - 1) / batch; }

  uint32_t count() const { return count_; }
  const Shape& picture() const { return picture_; }  ///< [height, width, channels]

 private:
  Batch batch(const Tensor& clock, uint32_t batch, bool shuffled, uint32_t steps) const;

  std::string label_;
  uint32_t count_;
  Shape picture_;
  uint32_t words_per_picture_;
  hal::BufferPtr pixels_;
};

}  // namespace pumice::data
