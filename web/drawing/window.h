#pragma once

#include <cstdint>

#include "web/drawing/damage.h"

namespace pumice::web {

/// The page's canvas: a WebGL2 context with Dear ImGui on it. Positions are CSS pixels.
class Window {
 public:
  /// `selector`: selects the canvas; `scale`: device pixels per CSS pixel; `is_coarse`: touch
  /// input. Throws Error without WebGL2.
  Window(const char* selector, double scale, bool is_coarse);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  void resize(double width, double height, double scale);
  /// Recreates all WebGL objects after a lost context has been restored.
  void restore_graphics();
  void begin_frame();
  void end_frame();

  /// True while input is pending or held: Dear ImGui handles one change per frame and repeats held
  /// keys and buttons itself.
  bool is_busy() const;

 private:
  void rebuild_font();
  void draw_part(ImDrawData& frame, const Pixels& part) const;
  int pixel_height() const;

  double width_ = 1;
  double height_ = 1;
  double scale_ = 1;
  double last_frame_ = 0;
  Damage damage_;
};

/// Incremented whenever the WebGL context is recreated: textures of older generations are invalid.
int graphics_generation();
/// The maximum side of a texture, in pixels.
uint32_t largest_texture();

/// Input events from the page, with names as in JavaScript.
void on_focus(bool focused);
void on_key(const char* key, bool down);
void on_modifiers(bool control, bool shift, bool alt, bool meta);

}  // namespace pumice::web
