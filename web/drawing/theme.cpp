#include "web/drawing/theme.h"

#include <imgui_internal.h>

#include "engine/io/class_colors.h"

namespace pumice::web {
namespace {

/// The colours of the HTML report (native/report/page/report.css), as 0xRRGGBB.
struct Palette {
  unsigned ground, card, ink, quiet, line, control, hovered, accent, on_accent, warning;
};
constexpr Palette kDark = {0x14171b, 0x1d2127, 0xe8eaed, 0xa3adbb, 0x3a414b,
                           0x2b313a, 0x3b4451, 0x5ab4f0, 0x0b1420, 0xffbf66};
constexpr Palette kLight = {0xf6f6f4, 0xffffff, 0x1d2126, 0x586270, 0xc9ccd1,
                            0xe6e8eb, 0xd3dae2, 0x0b6fb8, 0xffffff, 0xa84500};

const Palette* palette = &kDark;
bool is_for_fingers = false;

ImVec4 color(unsigned hex, float opacity = 1) {
  return {static_cast<float>(hex >> 16) / 255, static_cast<float>(hex >> 8 & 255) / 255,
          static_cast<float>(hex & 255) / 255, opacity};
}

ImU32 packed(unsigned hex) { return ImGui::ColorConvertFloat4ToU32(color(hex)); }

void set_grounds(ImVec4* colors) {
  colors[ImGuiCol_Text] = color(palette->ink);
  colors[ImGuiCol_TextDisabled] = color(palette->quiet);
  colors[ImGuiCol_WindowBg] = color(palette->ground);
  colors[ImGuiCol_PopupBg] = color(palette->card);
  colors[ImGuiCol_TitleBg] = colors[ImGuiCol_TitleBgActive] = color(palette->control);
  colors[ImGuiCol_Border] = colors[ImGuiCol_Separator] = color(palette->line);
  colors[ImGuiCol_TableRowBgAlt] = color(palette->ink, 0.04f);
  colors[ImGuiCol_TableHeaderBg] = color(palette->control);
  colors[ImGuiCol_ScrollbarBg] = color(palette->ground, 0);
}

void set_controls(ImVec4* colors) {
  colors[ImGuiCol_FrameBg] = colors[ImGuiCol_Button] = color(palette->control);
  colors[ImGuiCol_FrameBgHovered] = colors[ImGuiCol_ButtonHovered] = color(palette->hovered);
  colors[ImGuiCol_FrameBgActive] = color(palette->hovered);
  colors[ImGuiCol_ButtonActive] = color(palette->accent, 0.5f);
  colors[ImGuiCol_Header] = color(palette->accent, 0.22f);
  colors[ImGuiCol_HeaderHovered] = color(palette->hovered);
  colors[ImGuiCol_HeaderActive] = color(palette->accent, 0.45f);
  colors[ImGuiCol_Tab] = colors[ImGuiCol_TabActive] = color(palette->ground, 0);
  colors[ImGuiCol_TabUnfocused] = colors[ImGuiCol_TabUnfocusedActive] = color(palette->ground, 0);
  colors[ImGuiCol_TabHovered] = color(palette->hovered);
  colors[ImGuiCol_CheckMark] = color(palette->accent);
  // Values are written over grabs and bars in the colour of text: a contrast of 4.5 everywhere.
  colors[ImGuiCol_SliderGrab] = color(palette->accent, 0.33f);
  colors[ImGuiCol_SliderGrabActive] = color(palette->accent, 0.37f);
  colors[ImGuiCol_PlotHistogram] = color(palette->accent, 0.45f);
  colors[ImGuiCol_NavHighlight] = color(palette->accent);
}

}  // namespace

void set_theme(bool is_light) {
  palette = is_light ? &kLight : &kDark;
  ImGuiStyle& style = ImGui::GetStyle();
  is_light ? ImGui::StyleColorsLight(&style) : ImGui::StyleColorsDark(&style);
  set_grounds(style.Colors);
  set_controls(style.Colors);
}

bool is_coarse() { return is_for_fingers; }

void set_style(bool for_fingers) {
  is_for_fingers = for_fingers;
  ImGuiStyle& style = ImGui::GetStyle();
  style.WindowRounding = style.ChildRounding = style.PopupRounding = 10;
  style.FrameRounding = style.GrabRounding = 6;
  style.WindowBorderSize = 0;
  style.ChildBorderSize = style.PopupBorderSize = 1;
  style.WindowPadding = ImVec2(16, 14);
  style.FramePadding = for_fingers ? ImVec2(12, 13) : ImVec2(11, 7);
  style.ItemSpacing = ImVec2(8, 8);
  style.ItemInnerSpacing = ImVec2(7, 6);
  style.GrabMinSize = for_fingers ? 24 : 16;
  style.ScrollbarSize = for_fingers ? 14 : 11;
  style.TouchExtraPadding = ImVec2(2, 2);
}

ImVec4 accent_towards_ink(float share) {
  return ImLerp(color(palette->accent), color(palette->ink), share);
}
ImU32 accent_color() { return packed(palette->accent); }
ImU32 on_accent_color() { return packed(palette->on_accent); }
ImU32 card_color() { return packed(palette->card); }
ImU32 line_color() { return packed(palette->line); }
ImVec4 warning_color() { return color(palette->warning); }

ImU32 class_color(uint32_t label) {
  const auto& colors = palette == &kLight ? io::kClassColorsOnLight : io::kClassColorsOnDark;
  return packed(colors[label % kClassColors]);
}

// Distinguishable with red-green colour blindness.
ImU32 curve_color(int curve) {
  if (palette == &kLight) return packed(curve == 0 ? 0x0072b2 : 0xbc4f00);
  return packed(curve == 0 ? 0x4fadea : 0xf58a4a);
}

}  // namespace pumice::web
