#pragma once

#include <imgui.h>
#include <imgui_internal.h>

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

  /// Draws as large as fits into `width` × `height`, as an item.
  void draw(const char* id, float width, float height);
  /// The image under the mouse, if the last draw() is hovered.
  std::optional<uint32_t> hovered() const;
  /// The image that was pressed by keyboard in the last draw().
  std::optional<uint32_t> pressed() const { return pressed_; }
  /// The image that was clicked, or pressed by keyboard. Call it right after draw().
  std::optional<uint32_t> clicked() const;
  /// Where the last draw() put an image on the screen.
  ImRect place(uint32_t index) const;

  /// Draws a single image as an item; returns whether it was pressed.
  bool draw_one(const char* id, uint32_t index, float side);
  /// Draws all of it into a rectangle of the screen, not as an item.
  void paint(const ImRect& place);
  /// Draws one image into a rectangle of the screen, not as an item.
  void paint_one(uint32_t index, const ImRect& place);

  bool empty() const { return image_.pixels.empty(); }
  uint32_t width() const { return image_.width; }
  uint32_t count() const { return count_; }
  /// Saves it enlarged by a whole factor, with white lines between the images.
  void save_png(const std::string& name) const;

 private:
  void upload();
  void upload(const Rgba& image, uint32_t side);
  void drop_texture();
  /// A rectangle of the image, in its pixels.
  ImRect pixels_of(uint32_t index) const;
  void add_image(const ImRect& pixels, const ImRect& place);
  std::string name(uint32_t index) const;
  void note();

  Rgba image_;
  std::string each_ = "image";
  std::string whole_;
  uint32_t columns_ = 1;
  uint32_t cell_width_ = 1;  ///< including the margin
  uint32_t cell_height_ = 1;
  uint32_t margin_ = 0;
  uint32_t count_ = 0;
  unsigned texture_ = 0;
  int generation_ = 0;  ///< WebGL's generation when the texture was created
  ImVec2 corner_;       ///< of the last draw() on the screen
  float scale_ = 1;     ///< of the last draw()
  std::optional<uint32_t> pressed_;
  std::array<float, 2> texel_ = {0, 0};  ///< the size of an image pixel in the texture
};

}  // namespace pumice::web
