// The functions that page.js calls. Strings are UTF-8 and owned by the caller.
#include <emscripten.h>
#include <emscripten/proxying.h>
#include <emscripten/threading.h>
#include <imgui.h>
#include <malloc.h>

#include <cstdint>
#include <memory>
#include <utility>

#include "engine/hal/cpu/cpu_device.h"
#include "engine/hal/webgpu/webgpu_device.h"
#include "web/app/app.h"
#include "web/drawing/items.h"
#include "web/drawing/mirror.h"
#include "web/drawing/pointer.h"
#include "web/drawing/requests.h"
#include "web/drawing/theme.h"
#include "web/drawing/window.h"
#include "web/page/browser.h"

extern "C" void page_poll();

namespace pumice::web {
namespace {

std::unique_ptr<Window> window;
std::unique_ptr<App> app;
Mirror mirror;
hal::cpu::QueuedDevice* processor = nullptr;  // the app's device, if it is the processor

Shape wanted_image;
std::vector<std::byte> arriving;  // the file that the page is about to open

hal::MemoryUse device_memory() {
  return processor != nullptr ? hal::cpu::memory_use() : hal::webgpu::memory_use();
}

/// Calls page_poll in the page's thread.
void poll_soon() {
  emscripten_proxy_async(
      emscripten_proxy_get_system_queue(), emscripten_main_runtime_thread_id(),
      [](void*) { page_poll(); }, nullptr);
}

std::unique_ptr<hal::Device> open_processor(uint32_t threads) {
  std::unique_ptr<hal::cpu::QueuedDevice> device =
      hal::cpu::create_queued_device({.threads = threads}, poll_soon);
  processor = device.get();
  return device;
}

size_t shown_decodes = 0;

/// Draws the frame, unless it should be drawn with the image that it asked for: drawing by software
/// takes longer than decoding, and would hold it up. Returns the milliseconds to wait.
double show_or_wait() {
  const double wait = app->decodes() == shown_decodes ? app->wait_for_image() : 0;
  if (wait > 0) return wait;
  shown_decodes = app->decodes();
  window->show();
  return 0;
}

void work_soon() {
  if (processor != nullptr && processor->has_work()) page_work_soon();
}

/// Calls `body` and shows any exception in the page, which continues. Returns true if there was
/// none.
template <typename Body>
bool guarded(Body body) {
  try {
    body();
    return true;
  } catch (const hal::DeviceLost& error) {
    app->lose_device(error.what());
  } catch (const std::bad_alloc&) {
    app->say(
        "The browser does not allow this page more memory. Close other tabs, or reduce the "
        "settings.");
  } catch (const std::exception& error) {
    app->say(error.what());
  }
  return false;
}

constexpr double kTurn = 12;  // milliseconds that the processor computes for at a time

/// Lays out a frame, and requests the images that it lacks.
void lay_out() {
  window->begin_frame(app->next_frame() >= 0);
  begin_items();
  app->draw();
  window->end_frame();
  guarded([] { app->request(); });
}

/// Whether the processor has computed images that were requested.
bool computes_images() {
  if (processor == nullptr || !processor->has_work()) return false;
  const size_t before = app->decodes();
  processor->work(kTurn);
  guarded([] { app->poll(); });
  return app->decodes() != before;
}

}  // namespace
}  // namespace pumice::web

using namespace pumice;
using namespace pumice::web;

extern "C" {

/// Uses WebGPU if the page has put a device into Module.gpuDevice, otherwise the processor, with
/// `threads` if this is the program with threads. `reason`: why it is not the graphics card, unless
/// that was the user's choice.
EMSCRIPTEN_KEEPALIVE void page_take_device(int is_webgpu, uint32_t threads, const char* reason) {
  guarded([&] {
    processor = nullptr;
    app->replace_device(
        [&] { return is_webgpu != 0 ? hal::webgpu::create_device() : open_processor(threads); },
        reason);
  });
}

/// `reason`: why the device that computes is not the graphics card, if that is known only later.
EMSCRIPTEN_KEEPALIVE void page_explain_device(const char* reason) { app->explain_device(reason); }

/// Returns 0 without WebGL2. page_take_device must follow.
EMSCRIPTEN_KEEPALIVE int page_start(double scale, int is_coarse) {
  try {
    window = std::make_unique<Window>("#canvas", scale, is_coarse != 0);
  } catch (const std::exception&) {
    return 0;
  }
  watch_items();
  app = std::make_unique<App>(device_memory);
  return 1;
}

EMSCRIPTEN_KEEPALIVE void page_resize(double width, double height, double scale) {
  window->resize(width, height, scale);
}

/// Milliseconds until the next frame, of an animation or of what was not drawn yet; negative if
/// there is none.
EMSCRIPTEN_KEEPALIVE double page_frame() {
  lay_out();
  if (computes_images()) lay_out();  // so that they are seen in the frame that asked for them
  const double wait = show_or_wait();
  mirror.update(app->message());
  work_soon();
  if (window->is_busy()) return 0;
  return wait > 0 ? wait : app->next_frame();
}

EMSCRIPTEN_KEEPALIVE void page_note_presentation(double milliseconds) {
  window->note_presentation(milliseconds);
}

EMSCRIPTEN_KEEPALIVE void page_poll() {
  guarded([] { app->poll(); });
  work_soon();
}

/// Computes on the processor for a part of a frame.
EMSCRIPTEN_KEEPALIVE void page_work() {
  if (processor != nullptr) processor->work(kTurn);
  page_poll();
}

EMSCRIPTEN_KEEPALIVE void page_say(const char* message) { app->say(message); }
/// Removes messages, because the user has moved on.
EMSCRIPTEN_KEEPALIVE void page_quiet() { app->quiet(); }

/// Recreates the page's WebGL objects, which were lost.
EMSCRIPTEN_KEEPALIVE void page_restore_graphics() { window->restore_graphics(); }

EMSCRIPTEN_KEEPALIVE void page_restore(const char* lines) {
  app->restore(permalink_from_lines(lines));
}

EMSCRIPTEN_KEEPALIVE void page_offer_model(const char* name, const char* file) {
  app->offer_model(name, file);
}
/// An image of the model offered as number `index`: RGBA.
EMSCRIPTEN_KEEPALIVE void page_take_thumbnail(int index, const uint8_t* rgba, int width,
                                              int height) {
  app->sidebar().take_thumbnail(
      static_cast<size_t>(index), rgba,
      Shape{static_cast<uint32_t>(height), static_cast<uint32_t>(width), 3});
  page_wake();
}
EMSCRIPTEN_KEEPALIVE void page_end_offers() { app->end_offers(); }

EMSCRIPTEN_KEEPALIVE void page_loading(const char* name, double received, double total) {
  app->sidebar().set_loading(name, received, total);
  page_wake();
}

/// The part of a checkpoint that the page needs, to be followed by page_open: [address and size of
/// its header, number of ranges, begin and end of each range in the file]. `head`: the first bytes
/// of a file of `file_bytes`. Null, with a message for the user, if it is not a checkpoint.
EMSCRIPTEN_KEEPALIVE const double* page_plan(const char* name, const std::byte* head, int bytes,
                                             double file_bytes) {
  static io::Excerpt excerpt;
  static std::vector<double> numbers;
  const bool is_planned = guarded([&] {
    excerpt =
        excerpt_of(name, {head, static_cast<size_t>(bytes)}, static_cast<uint64_t>(file_bytes));
  });
  if (!is_planned) return nullptr;
  const auto address = reinterpret_cast<uintptr_t>(excerpt.header.data());
  numbers = {static_cast<double>(address), static_cast<double>(excerpt.header.size()),
             static_cast<double>(excerpt.ranges.size())};
  for (const io::ByteRange& range : excerpt.ranges) {
    numbers.push_back(static_cast<double>(range.begin));
    numbers.push_back(static_cast<double>(range.end));
  }
  return numbers.data();
}
/// Memory for the file that page_open opens; null, with a message, if the browser refuses it.
EMSCRIPTEN_KEEPALIVE std::byte* page_room(double bytes) {
  const bool fits = guarded([&] { arriving.resize(static_cast<size_t>(bytes)); });
  return fits ? arriving.data() : nullptr;
}
/// Returns 1 if the model in page_room is open now.
EMSCRIPTEN_KEEPALIVE int page_open(const char* name) {
  return guarded([&] { app->open(name, std::exchange(arriving, {})); }) ? 1 : 0;
}

/// Shows the model in page_room beside the open one.
EMSCRIPTEN_KEEPALIVE void page_open_beside(const char* name) {
  guarded([&] { app->open_beside(name, std::exchange(arriving, {})); });
}

EMSCRIPTEN_KEEPALIVE void page_loading_beside(double received, double total) {
  app->set_loading_beside(received, total);
}

/// Returns 1 if the open model accepts images; page_image_extent gives height, width, channels.
EMSCRIPTEN_KEEPALIVE int page_wants_image(const char* file_name) {
  std::optional<Shape> wanted = app->wanted_image(file_name);
  wanted_image = wanted.value_or(Shape{0, 0, 0});
  return wanted ? 1 : 0;
}
EMSCRIPTEN_KEEPALIVE int page_image_extent(int axis) {
  return static_cast<int>(wanted_image[static_cast<size_t>(axis)]);
}
/// The background of transparent pixels: a CSS color.
EMSCRIPTEN_KEEPALIVE const char* page_image_background() {
  static std::string background;
  background = app->image_background();
  return background.c_str();
}
EMSCRIPTEN_KEEPALIVE void page_take_image(const char* file_name, const float* values, int count) {
  guarded([&] { app->take_image(file_name, std::vector(values, values + count)); });
}

// The benchmark's answers: see page_bench_start.
EMSCRIPTEN_KEEPALIVE void page_bench_begin(const char* stage) {
  app->bench().stage = stage;
  app->bench().note.clear();
}
EMSCRIPTEN_KEEPALIVE void page_bench_note(const char* text) { app->bench().note = text; }
EMSCRIPTEN_KEEPALIVE void page_bench_finish(const char* lines) {
  app->bench() = finished_bench(lines);
}
EMSCRIPTEN_KEEPALIVE void page_bench_fail(const char* message) {
  app->bench() = {.state = Bench::State::kFailed, .problem = message};
}

EMSCRIPTEN_KEEPALIVE void page_lose_device(const char* reason) { app->lose_device(reason); }
EMSCRIPTEN_KEEPALIVE void page_miss_device(const char* message) { app->miss_device(message); }

EMSCRIPTEN_KEEPALIVE void page_theme(int is_light, int choice) {
  set_theme(is_light != 0);
  app->sidebar().set_theme_choice(choice);
  page_wake();
}

EMSCRIPTEN_KEEPALIVE void page_focus(int focused) { on_focus(focused != 0); }
EMSCRIPTEN_KEEPALIVE void page_pointer(double x, double y, int is_touch) {
  on_pointer(x, y, is_touch != 0);
}
EMSCRIPTEN_KEEPALIVE void page_button(int button, int down) { on_button(button, down != 0); }
EMSCRIPTEN_KEEPALIVE void page_wheel(double x, double y) { on_wheel(x, y); }
EMSCRIPTEN_KEEPALIVE void page_key(const char* key, int down) { on_key(key, down != 0); }
EMSCRIPTEN_KEEPALIVE void page_modifiers(int control, int shift, int alt, int meta) {
  on_modifiers(control != 0, shift != 0, alt != 0, meta != 0);
}

// What the user does to the mirrored controls.
EMSCRIPTEN_KEEPALIVE void page_press(uint32_t id) { press_item(id); }
EMSCRIPTEN_KEEPALIVE void page_press_image(uint32_t id, uint32_t index) { press_image(id, index); }
EMSCRIPTEN_KEEPALIVE void page_set(uint32_t id, double value) { set_item(id, value); }
EMSCRIPTEN_KEEPALIVE void page_type(uint32_t id, const char* text) { type_item(id, text); }
EMSCRIPTEN_KEEPALIVE void page_reveal(uint32_t id) { reveal_item(id); }

// For tests: what is shown, as text and numbers, and where.
/// Left, top, right, bottom in CSS pixels; null if the last frame had no such label.
EMSCRIPTEN_KEEPALIVE const float* page_item(const char* label) { return find_item(label); }
EMSCRIPTEN_KEEPALIVE double page_device_memory(int what) {
  const hal::MemoryUse memory = device_memory();
  return static_cast<double>(what == 0 ? memory.buffers : memory.bytes);
}
/// Bytes in use in the program's memory.
EMSCRIPTEN_KEEPALIVE double page_heap() { return static_cast<double>(mallinfo().uordblks); }
EMSCRIPTEN_KEEPALIVE double page_decode_count() { return static_cast<double>(app->decodes()); }
EMSCRIPTEN_KEEPALIVE int page_frame_count() { return ImGui::GetFrameCount(); }
EMSCRIPTEN_KEEPALIVE const char* page_message() {
  static std::string message;
  message = app->message();
  return message.c_str();
}
EMSCRIPTEN_KEEPALIVE const char* page_device() {
  static std::string device;
  device = app->device_title() + "\n" + app->device_reason();
  return device.c_str();
}
EMSCRIPTEN_KEEPALIVE const float* page_shown() { return app->shown().data(); }
EMSCRIPTEN_KEEPALIVE int page_shown_count() { return static_cast<int>(app->shown().size()); }
}
