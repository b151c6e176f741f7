#include "web/panels/moments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "web/drawing/items.h"
#include "web/drawing/theme.h"

namespace pumice::web {
namespace {

constexpr size_t kMostBars = 64;
constexpr float kWidestBar = 14;
constexpr float kReach = 4;  // standard deviations, up and down

/// Where the bar of one number is.
struct Bar {
  float left, right, middle, unit;  ///< `unit`: pixels per standard deviation
};

// The mean as a bar from 0, and a line of one standard deviation to both sides of its end.
void draw_bar(const Bar& bar, float mean, float deviation) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float end = bar.middle - std::clamp(mean, -3.0f, 3.0f) * bar.unit;
  list.AddRectFilled(ImVec2(bar.left, std::min(end, bar.middle)),
                     ImVec2(bar.right, std::max(end, bar.middle) + 1), accent_color());
  const float x = (bar.left + bar.right) / 2;
  list.AddLine(ImVec2(x, end - deviation * bar.unit), ImVec2(x, end + deviation * bar.unit),
               ImGui::GetColorU32(ImGuiCol_Text), 1);
}

// Largest means first.
std::vector<size_t> ordered(std::span<const float> means) {
  std::vector<size_t> order(means.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](size_t i) { return std::abs(means[i]); });
  order.resize(std::min(order.size(), kMostBars));
  return order;
}

// For assistive technology: "z3: 1.2 ± 0.4".
std::string words_of(std::span<const float> moments, std::span<const size_t> order) {
  constexpr size_t kMostWords = 5;
  std::string words = "largest means, with standard deviations";
  for (size_t i : order.first(std::min(order.size(), kMostWords))) {
    words += fmt::format("; z{}: {:.1f} ± {:.1f}", i, moments[i],
                         std::exp(moments[moments.size() / 2 + i] / 2));
  }
  return words;
}

}  // namespace

void draw_moments(std::span<const float> moments, ImVec2 size) {
  const size_t count = moments.size() / 2;
  const std::vector<size_t> order = ordered(moments.first(count));
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::Dummy(size);
  note_image(words_of(moments, order));
  ImGui::GetWindowDrawList()->AddRectFilled(corner, ImVec2(corner.x + size.x, corner.y + size.y),
                                            card_color(), 4);
  const float step = size.x / static_cast<float>(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    const float left = corner.x + static_cast<float>(i) * step;
    draw_bar({left + 1, left + std::min(step - 1, kWidestBar), corner.y + size.y / 2,
              size.y / 2 / kReach},
             moments[order[i]], std::exp(moments[count + order[i]] / 2));
  }
}

}  // namespace pumice::web
