#include "web/drawing/image_view.h"

#include <GLES3/gl3.h>
#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "web/drawing/items.h"
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

// Enlarges pixels by a whole factor, so that all have the same size.
float sharp_scale(float scale) {
  const float dots = ImGui::GetIO().DisplayFramebufferScale.x;  // device pixels per CSS pixel
  return scale * dots > 1 ? std::floor(scale * dots) / dots : scale;
}

ImTextureID id_of(unsigned texture) {
  return reinterpret_cast<ImTextureID>(static_cast<intptr_t>(texture));
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
  glGenerateMipmap(GL_TEXTURE_2D);  // for large images on a small screen
  texel_[0] = 1 / static_cast<float>(image.width * side);
  texel_[1] = 1 / static_cast<float>(image.height * side);
}

void ImageView::drop_texture() {
  if (texture_ != 0 && generation_ == graphics_generation()) glDeleteTextures(1, &texture_);
  texture_ = 0;
}

void ImageView::add_image(float left, float top, float right, float bottom, float scale) {
  if (generation_ != graphics_generation()) upload();
  const ImVec2 origin = ImGui::GetItemRectMin();
  ImGui::GetWindowDrawList()->AddImage(
      id_of(texture_), origin,
      ImVec2(origin.x + (right - left) * scale, origin.y + (bottom - top) * scale),
      ImVec2(left * texel_[0], top * texel_[1]), ImVec2(right * texel_[0], bottom * texel_[1]));
}

std::string ImageView::name(uint32_t index) const {
  return fmt::format("{} {} of {}{}{}", each_, index + 1, count_, whole_.empty() ? "" : ", ",
                     whole_);
}

// Returns the index of the image pressed by keyboard.
std::optional<uint32_t> ImageView::note(float scale) const {
  if (count_ > 1) {
    return note_images(each_, whole_, count_, columns_, static_cast<float>(cell_width_) * scale,
                       static_cast<float>(cell_height_) * scale);
  }
  note_image(each_);
  return std::nullopt;
}

std::optional<uint32_t> ImageView::draw(const char* id, float width, float height) {
  if (empty()) return std::nullopt;
  const auto wide = static_cast<float>(image_.width);
  const auto high = static_cast<float>(image_.height);
  const float scale = sharp_scale(std::min(width / wide, height / high));
  ImVec2 origin = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton(id, ImVec2(wide * scale, high * scale));
  add_image(0, 0, wide, high, scale);
  const std::optional<uint32_t> pressed = note(scale);
  if (pressed || !ImGui::IsItemClicked()) return pressed;
  ImVec2 mouse = ImGui::GetIO().MousePos;
  auto column = static_cast<uint32_t>(std::max(0.0f, (mouse.x - origin.x) / scale) /
                                      static_cast<float>(cell_width_));
  auto row = static_cast<uint32_t>(std::max(0.0f, (mouse.y - origin.y) / scale) /
                                   static_cast<float>(cell_height_));
  uint32_t index = row * columns_ + std::min(column, columns_ - 1);
  if (index >= count_) return std::nullopt;
  return index;
}

void ImageView::draw_one(uint32_t index, float side) {
  if (empty() || index >= count_) return;
  auto left = static_cast<float>(margin_ + index % columns_ * cell_width_);
  auto top = static_cast<float>(margin_ + index / columns_ * cell_height_);
  auto wide = static_cast<float>(cell_width_ - margin_);
  auto high = static_cast<float>(cell_height_ - margin_);
  const float scale = sharp_scale(side / std::max(wide, high));
  ImGui::Dummy(ImVec2(wide * scale, high * scale));
  add_image(left, top, left + wide, top + high, scale);
  note_image(name(index));
}

void ImageView::save_png(const std::string& name) const {
  if (empty()) return;
  page_save_png(image_.pixels.data(), static_cast<int>(image_.width),
                static_cast<int>(image_.height), name.c_str());
}

}  // namespace pumice::web
