#pragma once

#include <cstdint>

/// The functions of library_page.js: what the program asks of the page's JavaScript (page.mjs).
/// Only int, double and pointers cross this border. Strings are UTF-8, ended by a zero byte.
extern "C" {

/// Fetches a file of models/index.json; answers later with page_open or page_say.
void page_fetch_model(const char* file);

/// Lines "key=value" for the part of the address after '#'.
void page_set_permalink(const char* lines);

/// Offers a picture, 4 bytes a pixel, as a download.
void page_save_png(const uint8_t* rgba, int width, int height, const char* name);

/// Offers an animation: `frames` pictures one after another in `rgba`.
void page_save_gif(const uint8_t* rgba, int width, int height, int frames, double milliseconds,
                   const char* name);

/// Calls page_poll as soon as the browser has done something else.
void page_poll_soon();

/// Milliseconds since the page was opened.
double page_now();
}
