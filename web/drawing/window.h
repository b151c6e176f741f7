#pragma once

#include <cstdint>

namespace pumice::web {

/// The page's canvas: a WebGL2 context with Dear ImGui on it. Positions are CSS pixels.
class Window {
 public:
  /// `selector`: of the canvas; `scale`: device pixels in a CSS pixel; `is_coarse`: fingers point.
  /// Throws Error without WebGL2.
  Window(const char* selector, double scale, bool is_coarse);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  void resize(double width, double height, double scale);
  /// After the browser took WebGL away and gave it back: all that was made with it is made anew.
  void restore_graphics();
  void begin_frame();
  void end_frame();

  /// True while input waits or something is held: Dear ImGui takes one change a frame and repeats
  /// held keys and buttons itself.
  bool is_busy() const;

 private:
  void rebuild_font();

  double width_ = 1;
  double height_ = 1;
  double scale_ = 1;
  double last_frame_ = 0;
};

/// Counts how often WebGL was given: textures of another generation are gone.
int graphics_generation();
/// The longest side of a texture, in pixels.
uint32_t largest_texture();

/// Events of the page, as its JavaScript names them.
void on_focus(bool focused);
void on_pointer(double x, double y, bool is_touch);
void on_button(int button, bool down);
void on_wheel(double x, double y);
void on_key(const char* key, bool down);
void on_modifiers(bool control, bool shift, bool alt, bool meta);

}  // namespace pumice::web
