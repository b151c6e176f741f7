// What page.mjs calls. Strings are UTF-8 and stay the caller's.
#include <emscripten.h>

#include <memory>

#include "engine/hal/webgpu/webgpu_device.h"
#include "web/app.h"
#include "web/window.h"

namespace pumice::web {
namespace {

std::unique_ptr<Window> window;
std::unique_ptr<App> app;

/// Calls `body`; what it throws is shown in the page, which goes on.
template <typename Body>
void guarded(Body body) {
  try {
    body();
  } catch (const hal::DeviceLost& error) {
    app->say(fmt::format("{} Reload the page.", error.what()));
  } catch (const std::exception& error) {
    app->say(error.what());
  }
}

}  // namespace
}  // namespace pumice::web

using namespace pumice;
using namespace pumice::web;

extern "C" {

/// With WebGPU where the page has put a device into Module.gpuDevice. 0 without WebGL2.
EMSCRIPTEN_KEEPALIVE int page_start(int has_device, double scale) {
  try {
    window = std::make_unique<Window>("#canvas", scale);
    app = std::make_unique<App>(has_device != 0 ? hal::webgpu::create_device() : nullptr);
    return 1;
  } catch (const std::exception&) {
    return 0;
  }
}

EMSCRIPTEN_KEEPALIVE void page_resize(double width, double height, double scale) {
  window->resize(width, height, scale);
}

EMSCRIPTEN_KEEPALIVE void page_frame() {
  window->begin_frame();
  guarded([] { app->draw(); });
  window->end_frame();
}

EMSCRIPTEN_KEEPALIVE void page_poll() {
  guarded([] { app->poll(); });
}

EMSCRIPTEN_KEEPALIVE void page_say(const char* message) { app->say(message); }

EMSCRIPTEN_KEEPALIVE void page_restore(const char* lines) {
  app->restore(permalink_from_lines(lines));
}

EMSCRIPTEN_KEEPALIVE void page_offer_model(const char* name, const char* file) {
  app->offer_model(name, file);
}

EMSCRIPTEN_KEEPALIVE void page_open(const char* name, const std::byte* file, int bytes) {
  guarded([&] { app->open(name, std::vector(file, file + bytes)); });
}

EMSCRIPTEN_KEEPALIVE void page_pointer(double x, double y, int is_touch) {
  on_pointer(x, y, is_touch != 0);
}
EMSCRIPTEN_KEEPALIVE void page_button(int button, int down) { on_button(button, down != 0); }
EMSCRIPTEN_KEEPALIVE void page_wheel(double x, double y) { on_wheel(x, y); }
EMSCRIPTEN_KEEPALIVE void page_key(const char* key, int down) { on_key(key, down != 0); }
EMSCRIPTEN_KEEPALIVE void page_modifiers(int control, int shift, int alt, int meta) {
  on_modifiers(control != 0, shift != 0, alt != 0, meta != 0);
}

// For tests: what is shown, as text and numbers.
EMSCRIPTEN_KEEPALIVE const char* page_message() { return app->message().c_str(); }
EMSCRIPTEN_KEEPALIVE const float* page_shown() { return app->shown().data(); }
EMSCRIPTEN_KEEPALIVE int page_shown_count() { return static_cast<int>(app->shown().size()); }
}
