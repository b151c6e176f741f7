#include "web/drawing/theme.h"

namespace pumice::web {
namespace {

bool light = false;

// The accent of both themes with an opacity; darker on a light background, so that text on it is
// readable.
ImVec4 accent(float opacity) {
  return light ? ImVec4(0.05f, 0.40f, 0.72f, opacity) : ImVec4(0.30f, 0.60f, 0.95f, opacity);
}

void set_grounds(ImVec4* colors) {
  const ImVec4 ground = light ? ImVec4(0.98f, 0.98f, 0.98f, 1) : ImVec4(0.09f, 0.10f, 0.12f, 1);
  const ImVec4 raised = light ? ImVec4(1, 1, 1, 1) : ImVec4(0.13f, 0.15f, 0.18f, 1);
  colors[ImGuiCol_WindowBg] = ground;
  colors[ImGuiCol_PopupBg] = raised;
  const ImVec4 title = light ? ImVec4(0.75f, 0.83f, 0.91f, 1) : ImVec4(0.15f, 0.24f, 0.36f, 1);
  colors[ImGuiCol_TitleBg] = colors[ImGuiCol_TitleBgActive] = title;
  colors[ImGuiCol_FrameBg] =
      light ? ImVec4(0.88f, 0.90f, 0.92f, 1) : ImVec4(0.17f, 0.20f, 0.24f, 1);
  colors[ImGuiCol_Border] = light ? ImVec4(0, 0, 0, 0.35f) : ImVec4(1, 1, 1, 0.30f);
  colors[ImGuiCol_TableRowBgAlt] = light ? ImVec4(0, 0, 0, 0.05f) : ImVec4(1, 1, 1, 0.05f);
}

void set_controls(ImVec4* colors) {
  const float rest = light ? 0.16f : 0.28f;
  colors[ImGuiCol_Button] = colors[ImGuiCol_Header] = colors[ImGuiCol_Tab] = accent(rest);
  colors[ImGuiCol_ButtonHovered] = colors[ImGuiCol_HeaderHovered] = accent(rest + 0.15f);
  colors[ImGuiCol_TabHovered] = colors[ImGuiCol_FrameBgHovered] = accent(rest + 0.15f);
  colors[ImGuiCol_ButtonActive] = colors[ImGuiCol_HeaderActive] = accent(rest + 0.3f);
  colors[ImGuiCol_TabActive] = colors[ImGuiCol_FrameBgActive] = accent(rest + 0.3f);
  colors[ImGuiCol_CheckMark] = accent(1);
  colors[ImGuiCol_SliderGrab] = accent(light ? 0.5f : 0.8f);
  colors[ImGuiCol_SliderGrabActive] = accent(light ? 0.6f : 1);
  colors[ImGuiCol_PlotHistogram] = accent(0.6f);
}

}  // namespace

void set_theme(bool is_light) {
  light = is_light;
  ImGuiStyle& style = ImGui::GetStyle();
  light ? ImGui::StyleColorsLight(&style) : ImGui::StyleColorsDark(&style);
  style.Colors[ImGuiCol_Text] =
      light ? ImVec4(0.10f, 0.11f, 0.13f, 1) : ImVec4(0.92f, 0.93f, 0.95f, 1);
  style.Colors[ImGuiCol_TextDisabled] =
      light ? ImVec4(0.36f, 0.38f, 0.42f, 1) : ImVec4(0.63f, 0.66f, 0.70f, 1);
  set_grounds(style.Colors);
  set_controls(style.Colors);
}

ImVec4 warning_color() { return light ? ImVec4(0.66f, 0.27f, 0, 1) : ImVec4(1, 0.75f, 0.4f, 1); }

// Distinguishable with red-green colour blindness.
ImU32 curve_color(int curve) {
  if (light) return curve == 0 ? IM_COL32(0, 90, 170, 255) : IM_COL32(190, 75, 0, 255);
  return curve == 0 ? IM_COL32(100, 175, 255, 255) : IM_COL32(255, 165, 75, 255);
}

}  // namespace pumice::web
