#include "web/drawing/pointer.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <cfloat>
#include <utility>

#include "web/drawing/items.h"
#include "web/drawing/touch.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

Touch touch;
bool is_claimed = false;  // what the finger is on draws under it

void press(Touch::Point at) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(at.x, at.y);
  io.AddMouseButtonEvent(0, true);
}

// Lifts the finger from the screen, so that nothing stays hovered.
void release() {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseButtonEvent(0, false);
  io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);
}

void scroll_by_touch() {
  const float distance = touch.scrolled();
  ImGuiWindow* window = ImGui::GetCurrentContext()->HoveredWindow;
  while (window && window->ScrollMax.y <= 0) window = window->ParentWindow;
  if (window && distance != 0) ImGui::SetScrollY(window, window->Scroll.y - distance);
}

bool last_is_touch = false;
Touch::Point last_point;

void on_finger(bool down) {
  if (down) return touch.begin(last_point);
  const Touch::Step step = touch.end();
  if (step == Touch::Step::kTap) press(touch.start());
  release();
}

// The finger rests on something for the first time.
void settle_touch() {
  if (std::exchange(is_claimed, false) && touch.claim() == Touch::Step::kPress) {
    press(touch.start());
  }
}

bool wants_cross = false;

// As page_set_cursor() numbers them.
int cursor_of_hovered_item() {
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  if (ImGui::GetMouseCursor() == ImGuiMouseCursor_TextInput) return 2;
  if (std::exchange(wants_cross, false)) return 3;
  const ImGuiID item = context.ActiveId != 0 ? context.ActiveId : context.HoveredId;
  const ImGuiWindow* window = context.HoveredWindow;
  const bool is_ground = item == 0 || (window != nullptr && item == window->MoveId);
  return is_ground || context.HoveredIdDisabled || !is_clickable(item) ? 0 : 1;
}

void show_cursor() {
  static int shown = -1;
  const int cursor = cursor_of_hovered_item();
  if (std::exchange(shown, cursor) != cursor) page_set_cursor(cursor);
}

}  // namespace

void settle_pointer() {
  settle_touch();
  scroll_by_touch();
  show_cursor();
}

void claim_touch() {
  if (ImGui::IsItemHovered()) is_claimed = touch.is_down();
}

void want_cross_cursor() { wants_cross = true; }

void on_pointer(double x, double y, bool is_touch) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(is_touch ? ImGuiMouseSource_TouchScreen : ImGuiMouseSource_Mouse);
  const Touch::Point at{static_cast<float>(x), static_cast<float>(y)};
  last_is_touch = is_touch;
  last_point = at;
  if (is_touch && touch.is_down() && touch.move(at) == Touch::Step::kPress) press(touch.start());
  io.AddMousePosEvent(at.x, at.y);
}

void on_button(int button, bool down) {
  if (last_is_touch && button == 0) return on_finger(down);
  // The browser's order is left, middle, right; Dear ImGui's is left, right, middle.
  constexpr int kOrder[] = {0, 2, 1};
  if (button >= 0 && button < 3) ImGui::GetIO().AddMouseButtonEvent(kOrder[button], down);
}

void on_wheel(double x, double y) {
  ImGui::GetIO().AddMouseWheelEvent(static_cast<float>(-x / 100), static_cast<float>(-y / 100));
}

}  // namespace pumice::web
