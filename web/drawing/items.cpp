#include "web/drawing/items.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <map>

namespace pumice::web {
namespace {

struct Item {
  ItemPlace place;
  int frame = 0;
};

std::map<ImGuiID, ItemPlace> places;
std::map<std::string, Item, std::less<>> items;

}  // namespace

void watch_items() { ImGui::GetCurrentContext()->TestEngineHookItems = true; }

const ItemPlace* find_item(const std::string& label) {
  auto found = items.find(label);
  if (found == items.end() || found->second.frame != ImGui::GetFrameCount()) return nullptr;
  return &found->second.place;
}

}  // namespace pumice::web

using namespace pumice::web;

// Called by Dear ImGui with IMGUI_ENABLE_TEST_ENGINE.
void ImGuiTestEngineHook_ItemAdd(ImGuiContext* /*context*/, ImGuiID id, const ImRect& box,
                                 const ImGuiLastItemData* /*data*/) {
  places[id] = {box.Min.x, box.Min.y, box.Max.x, box.Max.y};
}

void ImGuiTestEngineHook_ItemInfo(ImGuiContext* context, ImGuiID id, const char* label,
                                  ImGuiItemStatusFlags /*flags*/) {
  items[label] = {places[id], context->FrameCount};
}

void ImGuiTestEngineHook_Log(ImGuiContext* /*context*/, const char* /*format*/, ...) {}
const char* ImGuiTestEngine_FindItemDebugLabel(ImGuiContext* /*context*/, ImGuiID /*id*/) {
  return nullptr;
}
