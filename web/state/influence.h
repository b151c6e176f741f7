#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "web/state/decoder.h"

namespace pumice::web {

/// How much each latent number changes the decoded image: the mean squared difference, over
/// pixels, when it alone moves from 0 by ±1. Measured once a model, a few images at a time, so
/// that other decodes come between. Not measured for more than 512 numbers.
class Influence {
 public:
  /// The workspace must outlive this.
  explicit Influence(Workspace& workspace);

  /// Starts measuring; later calls do nothing. Throws Error as poll() does.
  void request();
  /// True if the last measurement has arrived.
  bool poll();

  /// Most influential first; in index order until everything has been measured.
  const std::vector<uint32_t>& order() const { return order_; }
  /// 0 … 1, relative to the most influential number; 0 until everything has been measured.
  float relative(uint32_t index) const;

 private:
  uint32_t point_count() const { return 2 * latent_size_ + 1; }
  void request_next();
  void take(std::span<const float> images);
  void finish();

  Workspace& workspace_;
  uint32_t latent_size_;
  std::unique_ptr<Decoder> decoder_;
  uint32_t measured_ = 0;      ///< points: the origin, then +1 and -1 of each number
  std::vector<float> middle_;  ///< the image of the origin
  std::vector<double> changes_;
  double largest_ = 0;
  std::vector<uint32_t> order_;
};

}  // namespace pumice::web
