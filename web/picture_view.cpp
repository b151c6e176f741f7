#include "web/picture_view.h"

#include <GLES3/gl3.h>

#include <algorithm>
#include <cmath>

#include <imgui.h>
#include "web/browser.h"

namespace pumice::web {
namespace {

uint8_t to_byte(float value) {
  return static_cast<uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255));
}

// One picture into its place; grey ones have one channel.
void copy_picture(std::span<const float> values, const Shape& picture, uint8_t* to, size_t stride) {
  const uint32_t channels = picture[2];
  for (uint32_t y = 0; y < picture[0]; ++y) {
    for (uint32_t x = 0; x < picture[1]; ++x) {
      const float* from = &values[(y * picture[1] + x) * channels];
      uint8_t* pixel = to + y * stride + 4 * x;
      for (uint32_t c = 0; c < 3; ++c) pixel[c] = to_byte(from[channels == 1 ? 0 : c]);
      pixel[3] = 255;
    }
  }
}

ImTextureID id_of(unsigned texture) {
  return reinterpret_cast<ImTextureID>(static_cast<intptr_t>(texture));
}

}  // namespace

PictureView::~PictureView() {
  if (texture_ != 0) glDeleteTextures(1, &texture_);
}

void PictureView::set(std::span<const float> values, const Shape& picture, uint32_t columns,
                      uint32_t margin) {
  const size_t size = picture.size();
  count_ = static_cast<uint32_t>(values.size() / size);
  columns_ = columns;
  margin_ = margin;
  cell_width_ = picture[1] + margin;
  cell_height_ = picture[0] + margin;
  width_ = columns * cell_width_ + margin;
  height_ = (count_ + columns - 1) / columns * cell_height_ + margin;
  pixels_.assign(size_t{4} * width_ * height_, 0);
  for (uint32_t i = 0; i < count_; ++i) {
    size_t x = margin + i % columns * cell_width_;
    size_t y = margin + i / columns * cell_height_;
    copy_picture(values.subspan(i * size, size), picture, &pixels_[4 * (y * width_ + x)],
                 size_t{4} * width_);
  }
  upload();
}

void PictureView::upload() {
  if (texture_ == 0) glGenTextures(1, &texture_);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, static_cast<GLsizei>(width_),
               static_cast<GLsizei>(height_), 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels_.data());
}

std::optional<uint32_t> PictureView::draw(const char* id, float width, float height) {
  if (empty()) return std::nullopt;
  const float dots = ImGui::GetIO().DisplayFramebufferScale.x;  // device pixels in a CSS pixel
  float scale = std::min(width / static_cast<float>(width_), height / static_cast<float>(height_));
  if (scale * dots > 1) scale = std::floor(scale * dots) / dots;  // all pixels the same size
  ImVec2 origin = ImGui::GetCursorScreenPos();
  ImVec2 size(static_cast<float>(width_) * scale, static_cast<float>(height_) * scale);
  ImGui::InvisibleButton(id, size);
  ImGui::GetWindowDrawList()->AddImage(id_of(texture_), origin,
                                       ImVec2(origin.x + size.x, origin.y + size.y));
  if (!ImGui::IsItemClicked()) return std::nullopt;
  ImVec2 mouse = ImGui::GetIO().MousePos;
  auto column = static_cast<uint32_t>(std::max(0.0f, (mouse.x - origin.x) / scale) /
                                      static_cast<float>(cell_width_));
  auto row = static_cast<uint32_t>(std::max(0.0f, (mouse.y - origin.y) / scale) /
                                   static_cast<float>(cell_height_));
  uint32_t index = row * columns_ + std::min(column, columns_ - 1);
  if (index >= count_) return std::nullopt;
  return index;
}

void PictureView::draw_one(uint32_t index, float side) const {
  if (empty() || index >= count_) return;
  auto left = static_cast<float>(margin_ + index % columns_ * cell_width_);
  auto top = static_cast<float>(margin_ + index / columns_ * cell_height_);
  auto wide = static_cast<float>(cell_width_ - margin_);
  auto high = static_cast<float>(cell_height_ - margin_);
  const float dots = ImGui::GetIO().DisplayFramebufferScale.x;
  float scale = side / std::max(wide, high);
  if (scale * dots > 1) scale = std::floor(scale * dots) / dots;
  ImVec2 texel(1 / static_cast<float>(width_), 1 / static_cast<float>(height_));
  ImGui::Image(id_of(texture_), ImVec2(wide * scale, high * scale),
               ImVec2(left * texel.x, top * texel.y),
               ImVec2((left + wide) * texel.x, (top + high) * texel.y));
}

void PictureView::save_png(const std::string& name) const {
  if (empty()) return;
  page_save_png(pixels_.data(), static_cast<int>(width_), static_cast<int>(height_), name.c_str());
}

}  // namespace pumice::web
