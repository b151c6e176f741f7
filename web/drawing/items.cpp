#include "web/drawing/items.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>
#include <utility>

#include "web/drawing/requests.h"

namespace pumice::web {
namespace {

/// The latest place of an item, and in which frame.
struct Place {
  ImRect box;
  int frame = 0;
};

std::map<ImGuiID, Place> places;
std::map<ImGuiID, Place> labels;  // by the hash of the label, for find_item
std::vector<Control> controls;
std::string scope;        // see ItemScope
ImGuiID text_window = 0;  // the window of the last control, if it is a text

bool is_tooltip(const ImGuiWindow& window) {
  return (window.Flags & ImGuiWindowFlags_Tooltip) != 0;
}

// The visible part of a rectangle, or the edge behind which it is.
void set_box(Control& control, const ImRect& rectangle, const ImGuiWindow& window) {
  const ImRect& view = window.ClipRect;
  control.is_out_of_view = !rectangle.Overlaps(view);
  const ImVec2 from = ImClamp(rectangle.Min, view.Min, view.Max);
  const ImVec2 to = ImClamp(rectangle.Max, view.Min, view.Max);
  control.box = {from.x, from.y, to.x, to.y};
  control.layer = window.RootWindow->BeginOrderWithinContext;
}

std::string full_name(const std::string& label) {
  const std::string name = name_of(label);
  if (scope.empty() || name == scope) return name;
  return name.empty() ? scope : scope + " " + name;
}

void reveal_if_wanted(ImGuiID id, const ImRect& rectangle) {
  if (!take_reveal(id)) return;
  ImGui::ScrollToRect(ImGui::GetCurrentWindow(), rectangle, ImGuiScrollFlags_KeepVisibleCenterY);
}

// Arrows for scrolling tabs, and the like.
bool has_words(std::string_view name) {
  return std::ranges::any_of(name, [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || (letter & 0x80) != 0;
  });
}

bool is_tab(ImGuiID id) {
  ImGuiTabBar* bar = ImGui::GetCurrentContext()->CurrentTabBar;
  return bar != nullptr && ImGui::TabBarFindTabByID(bar, id) != nullptr;
}

void note_window(ImGuiID id, const ImGuiWindow& window) {
  if ((window.Flags & (ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_ChildWindow)) == 0) {
    note_item(id, Role::kHeading, window.Name);
  }
}

Role role_of(ImGuiID id, ImGuiItemStatusFlags flags) {
  if ((flags & ImGuiItemStatusFlags_Checkable) != 0) return Role::kCheckbox;
  if ((flags & ImGuiItemStatusFlags_Openable) != 0) return Role::kFold;
  return is_tab(id) ? Role::kTab : Role::kButton;
}

// What Dear ImGui reports with these flags; wrapped.cpp knows more about some.
void note_reported(ImGuiID id, const char* label, ImGuiItemStatusFlags flags) {
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  const ImGuiWindow& window = *context.CurrentWindow;
  if (window.ID == id) return note_window(id, window);
  if ((flags & ImGuiItemStatusFlags_Inputable) != 0 || !has_words(full_name(label))) return;
  Control* control = note_item(id, role_of(id, flags), label);
  if (control == nullptr) return;
  control->is_chosen =
      control->role == Role::kTab
          ? context.CurrentTabBar->SelectedTabId == id
          : (flags & (ImGuiItemStatusFlags_Checked | ImGuiItemStatusFlags_Opened)) != 0;
}

}  // namespace

void watch_items() { ImGui::GetCurrentContext()->TestEngineHookItems = true; }

void begin_items() {
  controls.clear();
  text_window = 0;
  forget_old_requests();
}

const std::vector<Control>& items() { return controls; }

const float* find_item(const std::string& label) {
  auto found = labels.find(ImHashStr(label.c_str()));
  if (found == labels.end() || found->second.frame != ImGui::GetFrameCount()) return nullptr;
  return &found->second.box.Min.x;
}

Control* note_item(uint32_t id, Role role, const std::string& label) {
  const Place& place = places[id];
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  ImGuiWindow& window = *context.CurrentWindow;
  // Tabs are reported before they are laid out.
  const bool is_laid_out = place.frame >= context.FrameCount - 1;
  if (!is_laid_out || window.SkipItems || is_tooltip(window)) return nullptr;
  auto known = std::ranges::find(controls.rbegin(), controls.rend(), id, &Control::id);
  Control& control = known == controls.rend() ? controls.emplace_back() : *known;
  control.id = id;
  control.role = role;
  control.name = full_name(label);
  control.is_disabled = (context.LastItemData.InFlags & ImGuiItemFlags_Disabled) != 0;
  set_box(control, place.box, window);
  text_window = 0;
  reveal_if_wanted(id, place.box);
  return &control;
}

void note_choice(uint32_t id, Role role, const std::string& label, bool is_chosen) {
  if (Control* control = note_item(id, role, label)) {
    control->is_chosen = is_chosen;
    control->can_be_chosen = true;
  }
}

void note_fold(const std::string& label, bool is_open) {
  if (Control* control = note_item(ImGui::GetItemID(), Role::kFold, label)) {
    control->is_chosen = is_open;
  }
}

void note_text(const char* text, const char* end, Role role) {
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  const ImGuiWindow& window = *context.CurrentWindow;
  const std::string words(text, end == nullptr ? text + std::string_view(text).size() : end);
  if (window.SkipItems || is_tooltip(window) || words.find_first_not_of(" \n") == words.npos)
    return;
  Control control{.role = role, .name = words};
  set_box(control, context.LastItemData.Rect, window);
  const bool continues = role == Role::kText && text_window == window.ID &&
                         control.box.top < controls.back().box.bottom;
  text_window = role == Role::kText ? window.ID : 0;
  if (!continues) {
    controls.push_back(std::move(control));
    return;
  }
  Control& before = controls.back();
  before.name += " " + words;
  before.box.right = std::max(before.box.right, control.box.right);
  before.box.bottom = std::max(before.box.bottom, control.box.bottom);
}

void note_heading() {
  if (text_window == 0) return;  // the text was not noted
  controls.back().role = Role::kHeading;
  text_window = 0;
}

void note_image(const std::string& name) {
  const ImGuiLastItemData& item = ImGui::GetCurrentContext()->LastItemData;
  if (item.ID != 0) {
    note_item(item.ID, Role::kImage, name);
    return;
  }
  controls.push_back({.role = Role::kImage, .name = name});
  set_box(controls.back(), item.Rect, *ImGui::GetCurrentWindow());
  text_window = 0;
}

std::optional<uint32_t> note_images(const std::string& each, const std::string& whole,
                                    uint32_t count, uint32_t columns, float cell_width,
                                    float cell_height) {
  const ImGuiID id = ImGui::GetItemID();
  Control* control = note_item(id, Role::kImages, each);
  if (control == nullptr) return std::nullopt;
  control->text = whole;
  control->count = count;
  control->columns = columns;
  control->cell_width = cell_width;
  control->cell_height = cell_height;
  return take_image(id);
}

std::optional<uint32_t> note_plane(const std::string& name, const std::string& words) {
  const ImGuiID id = ImGui::GetItemID();
  Control* control = note_item(id, Role::kPlane, name);
  if (control == nullptr) return std::nullopt;
  control->text = words;
  return take_image(id);
}

ItemScope::ItemScope(const char* label) { scope = name_of(label); }
ItemScope::~ItemScope() { scope.clear(); }

bool is_clickable(uint32_t id) {
  auto found = std::ranges::find(controls, id, &Control::id);
  return found == controls.end() || (found->role != Role::kImage && found->role != Role::kHeading);
}

}  // namespace pumice::web

using namespace pumice::web;

// Called by Dear ImGui with IMGUI_ENABLE_TEST_ENGINE.
void ImGuiTestEngineHook_ItemAdd(ImGuiContext* context, ImGuiID id, const ImRect& box,
                                 const ImGuiLastItemData* /*data*/) {
  places[id] = {box, context->FrameCount};
}

void ImGuiTestEngineHook_ItemInfo(ImGuiContext* context, ImGuiID id, const char* label,
                                  ImGuiItemStatusFlags flags) {
  labels[ImHashStr(label)] = {places[id].box, context->FrameCount};
  note_reported(id, label, flags);
}

void ImGuiTestEngineHook_Log(ImGuiContext* /*context*/, const char* /*format*/, ...) {}
const char* ImGuiTestEngine_FindItemDebugLabel(ImGuiContext* /*context*/, ImGuiID /*id*/) {
  return nullptr;
}
