#include "web/app/help.h"

#include <imgui.h>

#include <algorithm>

#include "web/drawing/table.h"

namespace pumice::web {
namespace {

Rows lines() {
  return {
      {"1 2 3 …", "the tabs"},
      {"r", "resample with the next seed"},
      {"0", "reset the explored point to the origin"},
      {"Control + Z", "undo; with Shift: redo"},
      {"double click", "on a dial: back to 0; on a sample: explore it"},
      {"Tab, arrows", "move between controls, and dials by a step; Escape closes"},
      {"Enter", "presses a button; on a dial, as Control + click: type a number"},
      {"?", "this help"},
      {"drop a file", "opens a .safetensors checkpoint, encodes a PNG or JPEG"},
      {"the address", "links to what is shown"},
  };
}

}  // namespace

bool draw_help(bool& shown) {
  if (!shown) return false;
  const ImVec2 page = ImGui::GetIO().DisplaySize;
  const float width = std::min(460.0f, page.x - 24);
  ImGui::SetNextWindowPos(ImVec2((page.x - width) / 2, 60), ImGuiCond_Appearing);
  ImGui::SetNextWindowSize(ImVec2(width, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::Begin("Help", &shown, ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse);
  ImGui::PopStyleVar();
  draw_table("shortcuts", lines());
  const bool wants_tour = ImGui::Button("Take the tour");
  ImGui::SameLine();
  if (ImGui::Button("Close help") || wants_tour) shown = false;
  ImGui::End();
  return wants_tour;
}

}  // namespace pumice::web
