#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/shape.h"
#include "web/drawing/rgba.h"

namespace pumice::web {

/// A grid of images in one texture. If it exceeds the maximum texture size, blocks of pixels are
/// averaged for display; saving uses the original pixels.
class ImageView {
 public:
  ImageView() = default;
  ~ImageView();
  ImageView(const ImageView&) = delete;
  ImageView& operator=(const ImageView&) = delete;

  /// `values`: images [N, height·width·channels], 0 … 1; `image`: [height, width, channels].
  void set(std::span<const float> values, const Shape& image, uint32_t columns,
           uint32_t margin = 1);

  /// What an image is and what all belong to, for screen readers: "sample" and "seed 1" give
  /// "sample 3 of 64, seed 1".
  void describe(std::string each, std::string whole = "") {
    each_ = std::move(each);
    whole_ = std::move(whole);
  }

  /// Draws as large as fits into `width` × `height`; returns the index of the clicked image.
  std::optional<uint32_t> draw(const char* id, float width, float height);

  /// Draws a single image.
  void draw_one(uint32_t index, float side);

  bool empty() const { return image_.pixels.empty(); }
  uint32_t width() const { return image_.width; }
  void save_png(const std::string& name) const;

 private:
  void upload();
  void upload(const Rgba& image, uint32_t side);
  void drop_texture();
  std::string name(uint32_t index) const;
  std::optional<uint32_t> note(float scale) const;
  void add_image(float left, float top, float right, float bottom, float scale);

  Rgba image_;
  std::string each_ = "image";
  std::string whole_;
  uint32_t columns_ = 1;
  uint32_t cell_width_ = 1;  ///< including the margin
  uint32_t cell_height_ = 1;
  uint32_t margin_ = 0;
  uint32_t count_ = 0;
  unsigned texture_ = 0;
  int generation_ = 0;                   ///< WebGL's generation when the texture was created
  std::array<float, 2> texel_ = {0, 0};  ///< the size of an image pixel in the texture
};

}  // namespace pumice::web
