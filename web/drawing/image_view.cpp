#include "web/drawing/image_view.h"

#include <GLES3/gl3.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "web/drawing/items.h"
#include "web/drawing/textures.h"
#include "web/drawing/window.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

uint8_t to_byte(float value) {
  return static_cast<uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255));
}

// Copies one image to its place; grey ones have one channel.
void copy_image(std::span<const float> values, const Shape& image, uint8_t* to, size_t stride) {
  const uint32_t channels = image[2];
  for (uint32_t y = 0; y < image[0]; ++y) {
    for (uint32_t x = 0; x < image[1]; ++x) {
      const float* from = &values[(y * image[1] + x) * channels];
      uint8_t* pixel = to + y * stride + 4 * x;
      for (uint32_t c = 0; c < 3; ++c) pixel[c] = to_byte(from[channels == 1 ? 0 : c]);
      pixel[3] = 255;
    }
  }
}

// Enlarges pixels by a whole factor, so that all have the same size, unless that wastes room.
float sharp_scale(float scale) {
  constexpr float kMostWaste = 0.08f;
  const float dots = ImGui::GetIO().DisplayFramebufferScale.x;  // device pixels per CSS pixel
  const float whole = std::floor(scale * dots) / dots;
  return whole > (1 - kMostWaste) * scale ? whole : scale;
}

// The factor to save with: a side of about 2048 pixels, but at least 4 for small images.
int saved_scale(const Rgba& image) {
  constexpr uint32_t kSide = 2048, kMostScale = 32, kLeastScale = 4, kMostSide = 4096;
  const uint32_t side = std::max(image.width, image.height);
  const uint32_t scale = std::clamp(kSide / side, 1u, kMostScale);
  return static_cast<int>(side * kLeastScale <= kMostSide ? std::max(scale, kLeastScale) : scale);
}

}  // namespace

ImageView::~ImageView() { drop_texture(); }

void ImageView::set(std::span<const float> values, const Shape& image, uint32_t columns,
                    uint32_t margin) {
  const size_t size = image.size();
  count_ = static_cast<uint32_t>(values.size() / size);
  columns_ = columns;
  margin_ = margin;
  cell_width_ = image[1] + margin;
  cell_height_ = image[0] + margin;
  image_.width = columns * cell_width_ + margin;
  image_.height = (count_ + columns - 1) / columns * cell_height_ + margin;
  image_.pixels.assign(size_t{4} * image_.width * image_.height, 0);
  for (uint32_t i = 0; i < count_; ++i) {
    size_t x = margin + i % columns * cell_width_;
    size_t y = margin + i / columns * cell_height_;
    copy_image(values.subspan(i * size, size), image, &image_.pixels[4 * (y * image_.width + x)],
               size_t{4} * image_.width);
  }
  upload();
}

void ImageView::upload() {
  const uint32_t most = largest_texture();
  const uint32_t side = (std::max(image_.width, image_.height) + most - 1) / most;
  if (side == 1) return upload(image_, 1);
  upload(shrunk(image_, side), side);
}

void ImageView::upload(const Rgba& image, uint32_t side) {
  if (generation_ != graphics_generation()) texture_ = 0;
  generation_ = graphics_generation();
  if (texture_ == 0) glGenTextures(1, &texture_);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, static_cast<GLsizei>(image.width),
               static_cast<GLsizei>(image.height), 0, GL_RGBA, GL_UNSIGNED_BYTE,
               image.pixels.data());
  note_texture(texture_, image.width, image.height);
  glGenerateMipmap(GL_TEXTURE_2D);  // for large images on a small screen
  texel_[0] = 1 / static_cast<float>(image.width * side);
  texel_[1] = 1 / static_cast<float>(image.height * side);
}

void ImageView::drop_texture() {
  if (texture_ != 0 && generation_ == graphics_generation()) glDeleteTextures(1, &texture_);
  texture_ = 0;
}

ImRect ImageView::pixels_of(uint32_t index) const {
  const auto left = static_cast<float>(margin_ + index % columns_ * cell_width_);
  const auto top = static_cast<float>(margin_ + index / columns_ * cell_height_);
  return {left, top, left + static_cast<float>(cell_width_ - margin_),
          top + static_cast<float>(cell_height_ - margin_)};
}

void ImageView::add_image(const ImRect& pixels, const ImRect& place) {
  if (generation_ != graphics_generation()) upload();
  const ImVec2 texel(texel_[0], texel_[1]);
  ImGui::GetWindowDrawList()->AddImage(id_of(texture_), place.Min, place.Max, pixels.Min * texel,
                                       pixels.Max * texel);
}

std::string ImageView::name(uint32_t index) const {
  if (count_ == 1) return each_;
  return fmt::format("{} {} of {}{}{}", each_, index + 1, count_, whole_.empty() ? "" : ", ",
                     whole_);
}

// The last item is what draw() has drawn.
void ImageView::note() {
  pressed_.reset();
  if (count_ == 1) return note_image(each_);
  pressed_ = note_images(each_, whole_, count_, columns_, static_cast<float>(cell_width_) * scale_,
                         static_cast<float>(cell_height_) * scale_);
}

void ImageView::draw(const char* id, float width, float height) {
  if (empty()) return;
  const ImVec2 size(static_cast<float>(image_.width), static_cast<float>(image_.height));
  scale_ = sharp_scale(std::min(width / size.x, height / size.y));
  corner_ = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton(id, size * scale_);
  add_image({{0, 0}, size}, {corner_, corner_ + size * scale_});
  note();
}

std::optional<uint32_t> ImageView::clicked() const {
  return pressed_ || !ImGui::IsItemClicked() ? pressed_ : hovered();
}

std::optional<uint32_t> ImageView::hovered() const {
  if (empty() || !ImGui::IsItemHovered()) return std::nullopt;
  const ImVec2 mouse = (ImGui::GetIO().MousePos - corner_) / scale_;
  const auto column = static_cast<uint32_t>(std::max(0.0f, mouse.x)) / cell_width_;
  const auto row = static_cast<uint32_t>(std::max(0.0f, mouse.y)) / cell_height_;
  const uint32_t index = row * columns_ + std::min(column, columns_ - 1);
  return index < count_ ? std::optional(index) : std::nullopt;
}

ImRect ImageView::place(uint32_t index) const {
  const ImRect pixels = pixels_of(index);
  return {corner_ + pixels.Min * scale_, corner_ + pixels.Max * scale_};
}

bool ImageView::draw_one(const char* id, uint32_t index, float side) {
  if (empty() || index >= count_) return false;
  const ImRect pixels = pixels_of(index);
  const ImVec2 size = pixels.GetSize();
  const float scale = sharp_scale(side / std::max(size.x, size.y));
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const bool is_pressed = ImGui::InvisibleButton(id, size * scale);
  add_image(pixels, {corner, corner + size * scale});
  note_image(name(index));
  return is_pressed;
}

void ImageView::paint(const ImRect& place) {
  if (empty()) return;
  add_image({0, 0, static_cast<float>(image_.width), static_cast<float>(image_.height)}, place);
}

void ImageView::paint_one(uint32_t index, const ImRect& place) {
  if (index < count_) add_image(pixels_of(index), place);
}

void ImageView::save_png(const std::string& name) const {
  if (empty()) return;
  std::vector<uint8_t> opaque = image_.pixels;
  for (size_t at = 3; at < opaque.size(); at += 4) {
    if (opaque[at] == 0) std::fill_n(&opaque[at - 3], 4, 255);
  }
  page_save_png(opaque.data(), static_cast<int>(image_.width), static_cast<int>(image_.height),
                saved_scale(image_), name.c_str());
}

}  // namespace pumice::web
