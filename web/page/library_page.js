// The JavaScript side of browser.h: forwards to the functions that page.js puts into Module.page.
addToLibrary({
  page_fetch_model__deps: ["$UTF8ToString"],
  page_fetch_model: (file) => Module["page"].fetchModel(UTF8ToString(file)),

  page_fetch_beside__deps: ["$UTF8ToString"],
  page_fetch_beside: (file) => Module["page"].fetchBeside(UTF8ToString(file)),

  page_stop_beside: () => Module["page"].stopBeside(),

  page_publish_link__deps: ["$UTF8ToString"],
  page_publish_link: (lines) => Module["page"].publishLink(UTF8ToString(lines)),

  page_copy_link: () => Module["page"].copyLink(),

  page_save_png__deps: ["$UTF8ToString"],
  page_save_png: (rgba, width, height, scale, name) => Module["page"].savePng(
    HEAPU8.slice(rgba, rgba + 4 * width * height), width, height, scale, UTF8ToString(name)),

  page_save_gif__deps: ["$UTF8ToString"],
  page_save_gif: (rgba, width, height, frames, milliseconds, name) => Module["page"].saveGif(
    HEAPU8.slice(rgba, rgba + 4 * width * height * frames), width, height, frames, milliseconds,
    UTF8ToString(name)),

  page_save_video__deps: ["$UTF8ToString"],
  page_save_video: (rgba, width, height, frames, milliseconds, name) => Module["page"].saveVideo(
    HEAPU8.slice(rgba, rgba + 4 * width * height * frames), width, height, frames, milliseconds,
    UTF8ToString(name)),

  page_measure_glyph: (code, pixels, weight, to) => HEAPF64.set(
    Module["page"].measureGlyph(code, pixels, weight), to >> 3),
  page_draw_glyph: (code, pixels, weight, metrics, to) => HEAPU8.set(
    Module["page"].drawGlyph(code, pixels, weight, HEAPF64.subarray(metrics >> 3, (metrics >> 3) + 5)), to),

  page_size_canvas: (width, height) => Module["page"].sizeCanvas(width, height),

  page_mirror__deps: ["$UTF8ToString"],
  page_mirror: (lines, message) => Module["page"].mirror(UTF8ToString(lines), UTF8ToString(message)),
  page_reduces_motion: () => Number(matchMedia("(prefers-reduced-motion: reduce)").matches),

  page_knows_tour: () => Number(Module["page"].knowsTour()),
  page_end_tour: () => Module["page"].endTour(),
  page_choose_file: () => Module["page"].chooseFile(),
  page_choose_theme: (choice) => Module["page"].chooseTheme(choice),
  page_reconnect: () => { Module["page"].reconnect(); },
  page_choose_device: (isWebGpu) => { Module["page"].chooseDevice(isWebGpu ? "webgpu" : "cpu"); },
  page_bench_start: (isWebGpu) => { Module["page"].benchStart(isWebGpu ? "webgpu" : "cpu"); },
  page_bench_stop: () => Module["page"].benchStop(),
  page_bench_seconds: () => Module["page"].benchSeconds + 5,
  page_bench_copy: () => { Module["page"].benchCopy(); },
  page_bench_save: () => { Module["page"].benchSave(); },
  page_work_soon: () => Module["page"].workSoon(),
  page_set_cursor: (cursor) => Module["page"].setCursor(cursor),
  page_wake: () => Module["page"].wake(),
  page_now: () => performance.now(),
});
