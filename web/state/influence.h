#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "web/state/decoder.h"
#include "web/state/directions.h"

namespace pumice::web {

/// How much each latent number changes the decoded image: the mean squared difference, over
/// pixels, when it alone moves from 0 by ±1. Measured once a model, a few images at a time, so
/// that other decodes come between. Not measured for more than 512 numbers.
///
/// The same images give the principal directions of the decoder: the eigenvectors of JᵀJ, where
/// column i of the Jacobian J is half the difference between the images at +1 and -1 of number i.
class Influence {
 public:
  /// The workspace must outlive this.
  explicit Influence(Workspace& workspace);

  /// Starts measuring; later calls do nothing. Throws Error as poll() does.
  void request();
  /// True if the last measurement has arrived.
  bool poll();

  /// Whether everything has been measured, or will never be.
  bool is_done() const { return latent_size_ > kMostMeasured || measured_ == point_count(); }
  /// Most influential first; in index order until everything has been measured.
  const std::vector<uint32_t>& order() const { return order_; }
  /// 0 … 1, relative to the most influential number; 0 until everything has been measured.
  float relative(uint32_t index) const;
  /// How many numbers of order() change the image visibly: at least 1 % as much as the first.
  size_t visible_count() const;
  /// Empty until everything has been measured.
  const std::vector<Direction>& directions() const { return directions_; }

 private:
  static constexpr uint32_t kMostMeasured = 512;
  uint32_t point_count() const { return 2 * latent_size_ + 1; }
  void request_next();
  void take(std::span<const float> images);
  void take_difference(uint32_t index, int sign, std::span<const float> image);
  void finish();

  Workspace& workspace_;
  uint32_t latent_size_;
  std::unique_ptr<Decoder> decoder_;
  uint32_t measured_ = 0;      ///< points: the origin, then +1 and -1 of each number
  std::vector<float> middle_;  ///< the image of the origin
  std::vector<double> changes_;
  std::vector<float> jacobian_;  ///< [kept pixels, latent numbers]
  std::vector<Direction> directions_;
  double largest_ = 0;
  std::vector<uint32_t> order_;
};

}  // namespace pumice::web
