#pragma once

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
  void begin_frame();
  void end_frame();

  /// True while input waits or something is held: Dear ImGui takes one change a frame and repeats
  /// held keys and buttons itself.
  bool is_busy() const;

 private:
  double width_ = 1;
  double height_ = 1;
  double scale_ = 1;
  double last_frame_ = 0;
};

/// Events of the page, as its JavaScript names them.
void on_focus(bool focused);
void on_pointer(double x, double y, bool is_touch);
void on_button(int button, bool down);
void on_wheel(double x, double y);
void on_key(const char* key, bool down);
void on_modifiers(bool control, bool shift, bool alt, bool meta);

}  // namespace pumice::web
