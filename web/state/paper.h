#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/shape.h"
#include "web/state/history.h"

namespace pumice::web {

/// An image that is drawn by hand, white on black as MNIST's digits are.
class Paper {
 public:
  explicit Paper(const Shape& image) : image_(image), values_(image.size()) { end_stroke(); }

  /// A round dot whose edge fades over one pixel: of ink, or of paper if `erases`. Positions and
  /// the radius are in pixels.
  void paint(float column, float row, float radius, bool erases);
  void clear() { set(std::vector<float>(values_.size())); }
  /// Turns black on white into white on black.
  void invert();
  /// values [height·width·channels], 0 … 1.
  void set(std::vector<float> values);

  /// The user has lifted the pen: undo() returns to before the stroke.
  void end_stroke() { history_.note(values_); }
  bool can_undo() const { return history_.can_undo(); }
  bool can_redo() const { return history_.can_redo(); }
  void undo() { values_ = history_.undo(); }
  void redo() { values_ = history_.redo(); }

  bool is_blank() const;
  const std::vector<float>& values() const { return values_; }

 private:
  Shape image_;
  std::vector<float> values_;
  History<std::vector<float>> history_;
};

/// The root of the mean squared difference of two images of the same size.
double root_mean_square(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace pumice::web
