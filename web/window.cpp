#include "web/window.h"

#include <GLES3/gl3.h>
#include <emscripten/html5.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "engine/base/require.h"
#include "web/browser.h"

namespace pumice::web {
namespace {

constexpr double kFontSize = 13;  // of Dear ImGui's own font, which is drawn for this size

ImGuiKey key_named(std::string_view key) {
  static const std::map<std::string_view, ImGuiKey> keys = {
      {"Tab", ImGuiKey_Tab},
      {"ArrowLeft", ImGuiKey_LeftArrow},
      {"ArrowUp", ImGuiKey_UpArrow},
      {"ArrowRight", ImGuiKey_RightArrow},
      {"ArrowDown", ImGuiKey_DownArrow},
      {"PageUp", ImGuiKey_PageUp},
      {"PageDown", ImGuiKey_PageDown},
      {"Home", ImGuiKey_Home},
      {"End", ImGuiKey_End},
      {"Delete", ImGuiKey_Delete},
      {"Backspace", ImGuiKey_Backspace},
      {" ", ImGuiKey_Space},
      {"Enter", ImGuiKey_Enter},
      {"Escape", ImGuiKey_Escape},
      {"a", ImGuiKey_A},
      {"c", ImGuiKey_C},
      {"v", ImGuiKey_V},
      {"x", ImGuiKey_X},
      {"z", ImGuiKey_Z},
  };
  auto found = keys.find(key);
  return found == keys.end() ? ImGuiKey_None : found->second;
}

void open_context(const char* selector) {
  EmscriptenWebGLContextAttributes attributes;
  emscripten_webgl_init_context_attributes(&attributes);
  attributes.majorVersion = 2;
  attributes.alpha = false;
  attributes.depth = false;
  attributes.antialias = false;
  auto context = emscripten_webgl_create_context(selector, &attributes);
  require(context > 0, "This browser has no WebGL2, with which the page draws.");
  emscripten_webgl_make_context_current(context);
}

void set_style() {
  ImGui::StyleColorsDark();
  ImGuiStyle& style = ImGui::GetStyle();
  style.WindowRounding = 0;
  style.FrameRounding = 4;
  style.GrabRounding = 4;
  style.WindowBorderSize = 0;
  style.FramePadding = ImVec2(8, 5);
  style.ItemSpacing = ImVec2(8, 7);
  style.TouchExtraPadding = ImVec2(3, 3);
  style.Colors[ImGuiCol_WindowBg] = ImVec4(0.09f, 0.10f, 0.12f, 1);
}

}  // namespace

Window::Window(const char* selector, double scale) : last_frame_(page_now()) {
  open_context(selector);
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  ImFontConfig font;
  font.SizePixels = static_cast<float>(std::round(kFontSize * scale));
  io.Fonts->AddFontDefault(&font);
  io.FontGlobalScale = static_cast<float>(1 / scale);
  set_style();
  ImGui_ImplOpenGL3_Init("#version 300 es");
}

Window::~Window() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
}

void Window::resize(double width, double height, double scale) {
  width_ = width;
  height_ = height;
  scale_ = scale;
}

void Window::begin_frame() {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = ImVec2(static_cast<float>(width_), static_cast<float>(height_));
  io.DisplayFramebufferScale = ImVec2(static_cast<float>(scale_), static_cast<float>(scale_));
  double now = page_now();
  io.DeltaTime = static_cast<float>(std::max(1e-4, (now - last_frame_) / 1000));
  last_frame_ = now;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
}

void Window::end_frame() {
  ImGui::Render();
  glViewport(0, 0, static_cast<GLsizei>(width_ * scale_), static_cast<GLsizei>(height_ * scale_));
  glClearColor(0.09f, 0.10f, 0.12f, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void on_pointer(double x, double y, bool is_touch) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(is_touch ? ImGuiMouseSource_TouchScreen : ImGuiMouseSource_Mouse);
  io.AddMousePosEvent(static_cast<float>(x), static_cast<float>(y));
}

void on_button(int button, bool down) {
  // The browser counts left, middle, right; Dear ImGui left, right, middle.
  constexpr int kOrder[] = {0, 2, 1};
  if (button >= 0 && button < 3) ImGui::GetIO().AddMouseButtonEvent(kOrder[button], down);
}

void on_wheel(double x, double y) {
  ImGui::GetIO().AddMouseWheelEvent(static_cast<float>(-x / 100), static_cast<float>(-y / 100));
}

void on_key(const char* key, bool down) {
  ImGuiIO& io = ImGui::GetIO();
  ImGuiKey known = key_named(key);
  if (known != ImGuiKey_None) io.AddKeyEvent(known, down);
  bool is_command = io.KeyCtrl || io.KeySuper;
  bool is_text = static_cast<unsigned char>(key[0]) >= 128 || key[1] == '\0';
  if (down && is_text && !is_command) io.AddInputCharactersUTF8(key);
}

void on_modifiers(bool control, bool shift, bool alt, bool meta) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddKeyEvent(ImGuiMod_Ctrl, control);
  io.AddKeyEvent(ImGuiMod_Shift, shift);
  io.AddKeyEvent(ImGuiMod_Alt, alt);
  io.AddKeyEvent(ImGuiMod_Super, meta);
}

}  // namespace pumice::web
