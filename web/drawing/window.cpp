#include "web/drawing/window.h"

#include <GLES3/gl3.h>
#include <emscripten/html5.h>
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "engine/base/require.h"
#include "web/drawing/font.h"
#include "web/drawing/pointer.h"
#include "web/drawing/theme.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr double kLongPresentation = 33;  // milliseconds: two frames of most screens

int generation = 1;

ImGuiKey key_named(std::string_view key) {
  constexpr std::pair<std::string_view, ImGuiKey> kKeys[] = {
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
      {"y", ImGuiKey_Y},
      {"z", ImGuiKey_Z},
      {"Z", ImGuiKey_Z},
  };
  for (const auto& [name, known] : kKeys) {
    if (name == key) return known;
  }
  return ImGuiKey_None;
}

void open_context(const char* selector) {
  EmscriptenWebGLContextAttributes attributes;
  emscripten_webgl_init_context_attributes(&attributes);
  attributes.majorVersion = 2;
  attributes.alpha = false;
  attributes.depth = false;
  attributes.antialias = false;
  attributes.preserveDrawingBuffer = true;  // frames draw only what they change
  auto context = emscripten_webgl_create_context(selector, &attributes);
  require(context > 0, "This browser has no WebGL2, which the page needs for drawing.");
  emscripten_webgl_make_context_current(context);
}

}  // namespace

Window::Window(const char* selector, double scale, bool is_coarse)
    : scale_(scale), last_frame_(page_now()) {
  open_context(selector);
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui::GetIO().MouseDoubleClickTime = 0.5f;  // as in most systems; frames may be slow
  build_font(scale);
  set_style(is_coarse);
  set_theme(false);
  painter_.create();
}

Window::~Window() { ImGui::DestroyContext(); }

void Window::resize(double width, double height, double scale) {
  width_ = width;
  height_ = height;
  is_reduced_ = false;
  size_canvas();
  if (std::exchange(scale_, scale) != scale) rebuild_font();
}

void Window::rebuild_font() {
  build_font(scale_);
  painter_.upload_font();
  damage_.forget();
}

void Window::restore_graphics() {
  ++generation;
  painter_.create();
  damage_.forget();
}

void Window::note_presentation(double milliseconds) {
  if (!is_reduced_) presentation_ = std::max(milliseconds, 0.8 * presentation_);
}

void Window::choose_resolution(bool is_moving) {
  const bool is_reduced = is_moving && scale_ > 1 && presentation_ > kLongPresentation;
  if (std::exchange(is_reduced_, is_reduced) != is_reduced) size_canvas();
}

// Which clears it.
void Window::size_canvas() {
  page_size_canvas(pixels(width_), pixels(height_));
  damage_.forget();
}

void Window::begin_frame(bool is_animated) {
  choose_resolution(is_animated || ImGui::IsMouseDragging(ImGuiMouseButton_Left));
  if (font_lacks_letters()) rebuild_font();
  ImGuiIO& io = ImGui::GetIO();
  const auto resolution = static_cast<float>(this->resolution());
  io.DisplaySize = ImVec2(static_cast<float>(width_), static_cast<float>(height_));
  io.DisplayFramebufferScale = ImVec2(resolution, resolution);
  double now = page_now();
  io.DeltaTime = static_cast<float>(std::max(1e-4, (now - last_frame_) / 1000));
  last_frame_ = now;
  ImGui::NewFrame();
}

void Window::end_frame() {
  settle_pointer();
  ImGui::Render();
}

void Window::show() {
  const ImDrawData& frame = *ImGui::GetDrawData();
  const int width = pixels(width_), height = pixels(height_);
  painter_.draw(frame, damage_.update(frame, width, height), width, height);
}

int Window::pixels(double length) const {
  return static_cast<int>(std::lround(length * resolution()));
}

bool Window::is_busy() const {
  const ImGuiIO& io = ImGui::GetIO();
  auto is_down = [](const ImGuiKeyData& key) { return key.Down; };
  return !ImGui::GetCurrentContext()->InputEventsQueue.empty() ||
         std::any_of(std::begin(io.KeysData), std::end(io.KeysData), is_down);
}

int graphics_generation() { return generation; }

uint32_t largest_texture() {
  GLint side = 0;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &side);
  return std::max(side, 2048);  // guaranteed by WebGL2; a lost context returns 0
}

void on_focus(bool focused) { ImGui::GetIO().AddFocusEvent(focused); }

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
