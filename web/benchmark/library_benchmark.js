// The JavaScript side of program.cpp: forwards to the functions that worker.js puts into Module.benchmark.
addToLibrary({
  // Suspends the program until WebGPU has copied something to the host.
  benchmark_wait__async: true,
  benchmark_wait: () => new Promise((done) => { Module["onReadback"] = done; }),

  benchmark_note__deps: ["$UTF8ToString"],
  benchmark_note: (text) => Module["benchmark"].note(UTF8ToString(text)),

  benchmark_begin__deps: ["$UTF8ToString"],
  benchmark_begin: (stage) => Module["benchmark"].begin(UTF8ToString(stage)),

  benchmark_finish__deps: ["$UTF8ToString"],
  benchmark_finish: (rows, markdown, json) => Module["benchmark"].finish(
    UTF8ToString(rows), UTF8ToString(markdown), UTF8ToString(json)),

  benchmark_fail__deps: ["$UTF8ToString"],
  benchmark_fail: (message) => Module["benchmark"].fail(UTF8ToString(message)),
});
