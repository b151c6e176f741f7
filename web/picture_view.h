#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/shape.h"

namespace pumice::web {

/// Pictures side by side in one texture.
class PictureView {
 public:
  PictureView() = default;
  ~PictureView();
  PictureView(const PictureView&) = delete;
  PictureView& operator=(const PictureView&) = delete;

  /// `values`: pictures [N, height·width·channels], 0 … 1; `picture`: [height, width, channels].
  void set(std::span<const float> values, const Shape& picture, uint32_t columns,
           uint32_t margin = 1);

  /// Draws it as large as fits into `width` × `height`; the index of the picture that was clicked.
  std::optional<uint32_t> draw(const char* id, float width, float height);

  /// Draws one picture alone.
  void draw_one(uint32_t index, float side) const;

  bool empty() const { return pixels_.empty(); }
  uint32_t width() const { return width_; }
  uint32_t height() const { return height_; }
  unsigned texture() const { return texture_; }
  void save_png(const std::string& name) const;

 private:
  void upload();

  std::vector<uint8_t> pixels_;  ///< RGBA
  uint32_t width_ = 0;
  uint32_t height_ = 0;
  uint32_t columns_ = 1;
  uint32_t cell_width_ = 1;  ///< with the margin
  uint32_t cell_height_ = 1;
  uint32_t margin_ = 0;
  uint32_t count_ = 0;
  unsigned texture_ = 0;
};

}  // namespace pumice::web
