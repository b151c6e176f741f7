// The page's side of browser.h: hands on to the functions that page.mjs puts into Module.page.
addToLibrary({
  page_fetch_model__deps: ["$UTF8ToString"],
  page_fetch_model: (file) => Module["page"].fetchModel(UTF8ToString(file)),

  page_set_permalink__deps: ["$UTF8ToString"],
  page_set_permalink: (lines) => Module["page"].setPermalink(UTF8ToString(lines)),

  page_save_png__deps: ["$UTF8ToString"],
  page_save_png: (rgba, width, height, name) => Module["page"].savePng(
    HEAPU8.slice(rgba, rgba + 4 * width * height), width, height, UTF8ToString(name)),

  page_save_gif__deps: ["$UTF8ToString"],
  page_save_gif: (rgba, width, height, frames, milliseconds, name) => Module["page"].saveGif(
    HEAPU8.slice(rgba, rgba + 4 * width * height * frames), width, height, frames, milliseconds,
    UTF8ToString(name)),

  page_poll_soon: () => Module["page"].pollSoon(),
  page_now: () => performance.now(),
});
