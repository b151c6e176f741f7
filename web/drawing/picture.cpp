#include "web/drawing/picture.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "web/drawing/theme.h"

namespace pumice::web {
namespace {

constexpr float kPictureHeight = 124;
constexpr float kLabelRoom = 20;  // below the axis
constexpr float kDotSize = 4;

ImU32 quiet_color() { return ImGui::GetColorU32(ImGuiCol_TextDisabled); }

/// A number line from -3 to 3, and bell curves over it.
struct Axis {
  ImDrawList& list;
  ImVec2 from, to;  ///< of the room; the line is kLabelRoom above its bottom

  float x(float value) const { return from.x + (value + 3) / 6 * (to.x - from.x); }
  float bottom() const { return to.y - kLabelRoom; }

  void line() const {
    list.AddLine(ImVec2(from.x, bottom()), ImVec2(to.x, bottom()), quiet_color());
    label(-2, "-2");
    label(0, "0");
    label(2, "2");
  }
  void label(float value, const char* words) const {
    const float width = ImGui::CalcTextSize(words).x;
    list.AddText(ImVec2(x(value) - width / 2, bottom() + 3), quiet_color(), words);
  }
  void bell(float mean, float deviation, float height, ImU32 color) const {
    constexpr int kSegments = 60;
    for (int i = 0; i <= kSegments; ++i) {
      const float value = -3 + 6 * static_cast<float>(i) / kSegments;
      const float share = std::exp(-0.5f * std::pow((value - mean) / deviation, 2.0f));
      list.PathLineTo(ImVec2(x(value), bottom() - 2 - share * height * (bottom() - from.y - 6)));
    }
    list.PathStroke(color, 0, 2);
  }
  void dot(float value, ImU32 color) const {
    list.AddCircleFilled(ImVec2(x(value), bottom()), kDotSize, color);
  }
};

void arrow(ImDrawList& list, ImVec2 from, ImVec2 to, ImU32 color) {
  const ImVec2 along = (to - from) / std::hypot(to.x - from.x, to.y - from.y);
  const ImVec2 across(-along.y, along.x);
  list.AddLine(from, to, color, 1.5f);
  list.AddTriangleFilled(to, to - along * 7 + across * 4, to - along * 7 - across * 4, color);
}

// A small image of a digit.
void draw_pixels(ImDrawList& list, ImVec2 corner, float size) {
  constexpr std::array<const char*, 7> kThree = {".###.", "#...#", "....#", "..##.",
                                                 "....#", "#...#", ".###."};
  list.AddRectFilled(corner - ImVec2(size, size), corner + ImVec2(6 * size, 8 * size),
                     IM_COL32_BLACK);
  for (size_t row = 0; row < kThree.size(); ++row) {
    for (size_t column = 0; column < 5; ++column) {
      if (kThree[row][column] != '#') continue;
      const ImVec2 at = corner + ImVec2(float(column) * size, float(row) * size);
      list.AddRectFilled(at, at + ImVec2(size, size), IM_COL32_WHITE);
    }
  }
}

// Numbers from a bell curve, which become an image.
void draw_latent(ImDrawList& list, ImVec2 from, ImVec2 to) {
  constexpr float kPixel = 9, kImage = 8 * kPixel, kArrow = 44;
  const Axis axis{list, from, ImVec2(to.x - kImage - kArrow, to.y)};
  axis.line();
  axis.bell(0, 1, 1, quiet_color());
  for (float value : {-1.9f, -0.8f, -0.3f, 0.4f, 0.7f, 1.5f}) axis.dot(value, accent_color());
  const float middle = (from.y + axis.bottom()) / 2;
  arrow(list, ImVec2(axis.to.x + 8, middle), ImVec2(axis.to.x + kArrow - 8, middle), quiet_color());
  draw_pixels(list, ImVec2(to.x - 6.5f * kPixel, middle - 3.5f * kPixel), kPixel);
}

// The same numbers, halved.
void draw_truncation(ImDrawList& list, ImVec2 from, ImVec2 to) {
  const Axis axis{list, from, to};
  axis.line();
  axis.bell(0, 1, 0.55f, quiet_color());
  axis.bell(0, 0.5f, 1, accent_color());
  for (float value : {-2.2f, -1.2f, 1.5f, 2.4f}) {
    axis.dot(value, quiet_color());
    axis.dot(value / 2, accent_color());
    if (std::abs(value) < 2) continue;  // its arrow would cover another
    arrow(list, ImVec2(axis.x(value), axis.bottom() - 9),
          ImVec2(axis.x(value / 2), axis.bottom() - 9), accent_color());
  }
}

void draw_encoded(ImDrawList& list, ImVec2 from, ImVec2 to) {
  constexpr float kMean = 1.1f, kDeviation = 0.45f;
  const Axis axis{list, from, to};
  axis.line();
  axis.bell(0, 1, 0.45f, quiet_color());
  axis.bell(kMean, kDeviation, 0.85f, accent_color());
  const ImU32 ink = ImGui::GetColorU32(ImGuiCol_Text);
  const float mean = axis.x(kMean), middle = (from.y + axis.bottom()) / 2 + 6;
  list.AddLine(ImVec2(mean, from.y + 16), ImVec2(mean, axis.bottom()), ink);
  list.AddText(ImVec2(mean - ImGui::CalcTextSize("μ").x / 2, from.y - 4), ink, "μ");
  arrow(list, ImVec2(mean, middle), ImVec2(axis.x(kMean + kDeviation), middle), ink);
  arrow(list, ImVec2(mean, middle), ImVec2(axis.x(kMean - kDeviation), middle), ink);
  list.AddText(ImVec2(axis.x(kMean + kDeviation) + 8, middle - 9), ink, "σ");
}

// From A to B along the circle, and straight through it.
void draw_paths(ImDrawList& list, ImVec2 from, ImVec2 to) {
  constexpr float kPi = 3.14159265f, kBegin = 1.06f * kPi, kEnd = 1.94f * kPi;
  const float radius = (to.y - from.y) / 2 - 6;
  const ImVec2 center = (from + to) / 2;
  const auto at = [&](float angle) {
    return center + ImVec2(std::cos(angle), std::sin(angle)) * radius;
  };
  const ImVec2 a = at(kBegin), b = at(kEnd);
  list.AddCircle(center, radius, quiet_color(), 60);
  list.AddLine(a, b, quiet_color(), 2);
  list.PathArcTo(center, radius, kBegin, kEnd, 40);
  list.PathStroke(accent_color(), 0, 3);
  for (ImVec2 end : {a, b}) list.AddCircleFilled(end, 5, accent_color());
  const ImU32 ink = ImGui::GetColorU32(ImGuiCol_Text);
  list.AddText(a + ImVec2(-22, -10), ink, "A");
  list.AddText(b + ImVec2(12, -10), ink, "B");
  list.AddText(at(1.75f * kPi) + ImVec2(8, -12), ink, "spherical");
  list.AddText(ImVec2(center.x - ImGui::CalcTextSize("straight").x / 2, a.y + 4), ink, "straight");
}

// Points that differ most along one direction.
void draw_components(ImDrawList& list, ImVec2 from, ImVec2 to) {
  constexpr float kTurn = -0.45f;
  const ImVec2 center = (from + to) / 2;
  const ImVec2 first(std::cos(kTurn), std::sin(kTurn)), second(-first.y, first.x);
  for (int i = 1; i <= 60; ++i) {  // a Halton sequence, spread like two bell curves
    float u = 0, v = 0;
    for (int rest = i, part = 2; rest > 0; rest /= 2, part *= 2) u += float(rest % 2) / float(part);
    for (int rest = i, part = 3; rest > 0; rest /= 3, part *= 3) v += float(rest % 3) / float(part);
    const float distance = std::sqrt(-2 * std::log(std::max(u, 0.01f))), angle = 6.2831853f * v;
    const ImVec2 at = center + first * (40 * distance * std::cos(angle)) +
                      second * (13 * distance * std::sin(angle));
    list.AddCircleFilled(at, 2.5f, quiet_color());
  }
  arrow(list, center, center + first * 95, accent_color());
  arrow(list, center, center - second * 42, accent_color());
}

}  // namespace

void draw_picture(Picture picture) {
  if (picture == Picture::kNone) return;
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const ImVec2 to = from + ImVec2(ImGui::GetContentRegionAvail().x, kPictureHeight);
  ImGui::Dummy(to - from);
  constexpr std::array kDraw = {draw_latent, draw_truncation, draw_encoded, draw_paths,
                                draw_components};
  kDraw[static_cast<size_t>(picture) - 1](*ImGui::GetWindowDrawList(), from, to);
}

}  // namespace pumice::web
