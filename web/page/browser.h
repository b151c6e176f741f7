#pragma once

#include <cstdint>

/// The functions of library_page.js: what the program needs from the page's JavaScript (page.js).
/// Only int, double and pointers are passed. Strings are UTF-8 and null-terminated.
extern "C" {

/// Fetches a file of models/index.json; answers later with page_open or page_say.
void page_fetch_model(const char* file);

/// As page_fetch_model, for a model to compare the open one with; answers with page_open_beside.
void page_fetch_beside(const char* file);

/// Ends the download of page_fetch_beside.
void page_stop_beside();

/// Lines "key=value" for the part of the address after '#'. May be called often: updates of the
/// address are throttled.
void page_publish_link(const char* lines);

/// Puts the page's address, with what is shown, into the clipboard. Works only after a click.
void page_copy_link();

/// Offers an image, 4 bytes per pixel, as a download; each pixel becomes a square of side `scale`.
void page_save_png(const uint8_t* rgba, int width, int height, int scale, const char* name);

/// Offers an animation; `rgba` holds `frames` consecutive images, each shown for `milliseconds`;
/// `name` lacks the extension. Videos take as long as they play.
void page_save_gif(const uint8_t* rgba, int width, int height, int frames, double milliseconds,
                   const char* name);
void page_save_video(const uint8_t* rgba, int width, int height, int frames, double milliseconds,
                     const char* name);

/// Opens a file dialog; the file is handled as if dropped. Works only after a click.
void page_choose_file();

/// 0: system, 1: dark, 2: light; answers with page_theme.
void page_choose_theme(int choice);

/// Reopens WebGPU; answers later with page_take_device and page_open, or page_say.
void page_reconnect();

/// The user's choice of the device, remembered: 1 is WebGPU, 0 the processor. Answers as
/// page_reconnect.
void page_choose_device(int is_webgpu);

/// Starts the benchmark, on WebGPU or on the processor, in a worker of its own; it answers with
/// page_bench_begin, page_bench_note, and page_bench_finish or page_bench_fail.
void page_bench_start(int is_webgpu);
void page_bench_stop();
/// About how many seconds it takes on a device that is not slow.
double page_bench_seconds();
/// Puts the last result into the clipboard, as Markdown; offers it as a file, as JSON. The first
/// works only after a click.
void page_bench_copy();
void page_bench_save();

/// Calls page_work in a task of its own, so that input and drawing come between.
void page_work_soon();

/// Measures a glyph of the browser's font, `pixels` high, of a CSS weight: five numbers, [advance,
/// left of the origin, above the baseline, width, height] of the box that page_draw_glyph fills
/// with coverage, one byte per pixel.
void page_measure_glyph(int code, double pixels, int weight, double* to);
void page_draw_glyph(int code, double pixels, int weight, const double* metrics, uint8_t* to);

/// Sets the canvas's size in device pixels, and clears it.
void page_size_canvas(int width, int height);

/// The mouse cursor: 0 arrow, 1 hand, 2 text, 3 cross.
void page_set_cursor(int cursor);

/// What the page shows, for assistive technology and the keyboard: a line per control (see
/// drawing/control.h), and a message to read out when it changes.
void page_mirror(const char* lines, const char* message);

/// Whether the user has ended, or declined, the tour on an earlier visit; page_end_tour remembers
/// it.
int page_knows_tour();
void page_end_tour();

/// 1 if the user wants nothing to move by itself.
int page_reduces_motion();

/// Schedules frames: the page draws only when something happens.
void page_wake();

/// Milliseconds since the page was opened.
double page_now();
}
