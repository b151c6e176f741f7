#pragma once

#include <cstdint>

#include "web/drawing/damage.h"
#include "web/drawing/painter.h"

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
  /// `is_animated`: the frame is one of many.
  void begin_frame(bool is_animated);
  void end_frame();
  /// Draws the parts of the canvas that the last frame has changed.
  void show();
  /// How long the browser was busy with what the last show() drew, in milliseconds. Where WebGL is
  /// software, that is long for large canvases: with more than one device pixel per CSS pixel, what
  /// moves is drawn with one.
  void note_presentation(double milliseconds);

  /// True while input is pending or held: Dear ImGui handles one change per frame and repeats held
  /// keys and buttons itself.
  bool is_busy() const;

 private:
  void rebuild_font();
  void choose_resolution(bool is_moving);
  void size_canvas();
  /// Device pixels on the canvas per CSS pixel.
  double resolution() const { return is_reduced_ ? 1 : scale_; }
  int pixels(double length) const;

  double width_ = 1;
  double height_ = 1;
  double scale_ = 1;
  double last_frame_ = 0;
  double presentation_ = 0;  ///< milliseconds, lately the longest at full resolution
  bool is_reduced_ = false;
  Damage damage_;
  Painter painter_;
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
