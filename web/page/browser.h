#pragma once

#include <cstdint>

/// The functions of library_page.js: what the program asks of the page's JavaScript (page.js).
/// Only int, double and pointers cross this border. Strings are UTF-8, ended by a zero byte.
extern "C" {

/// Fetches a file of models/index.json; answers later with page_open or page_say.
void page_fetch_model(const char* file);

/// Lines "key=value" for the part of the address after '#'. May be called often: the address
/// follows now and then.
void page_publish_link(const char* lines);

/// Offers a picture, 4 bytes a pixel, as a download.
void page_save_png(const uint8_t* rgba, int width, int height, const char* name);

/// Offers an animation: `frames` pictures one after another in `rgba`.
void page_save_gif(const uint8_t* rgba, int width, int height, int frames, double milliseconds,
                   const char* name);

/// Asks for a file from this machine, as if it were dropped. After a click only.
void page_choose_file();

/// 0 as the system, 1 dark, 2 light; answers with page_theme.
void page_choose_theme(int choice);

/// Opens WebGPU anew; answers later with page_take_device and page_open, or page_lose_device.
void page_reconnect();

/// A letter of the browser's font, `pixels` high: five numbers, [advance, left of the origin, above
/// the baseline, width, height] of the box that page_draw_glyph fills with coverage, a byte a
/// pixel.
void page_measure_glyph(int code, double pixels, double* to);
void page_draw_glyph(int code, double pixels, const double* metrics, uint8_t* to);

/// Draws the next frames: the page draws only when something happens.
void page_wake();

/// Milliseconds since the page was opened.
double page_now();
}
