// The benchmark of the Bench tab: runs in a worker, which has a device of its own, so that the page stays responsive.

// "Chromium 156", "Firefox 145", "Safari 26.1".
function browserName(brands) {
  const known = brands.filter(({ brand }) => !/not.?a.?brand/i.test(brand));
  const { brand, version } = known.find(({ brand: name }) => name !== "Chromium") ?? known[0] ?? {};
  if (brand) return `${brand} ${version}`;
  const text = navigator.userAgent;
  const [, name, number] = /(Firefox|FxiOS|CriOS|EdgiOS|OPR|Edg|Chrome)\/([\d.]+)/.exec(text) ??
    /()Version\/([\d.]+).*Safari/.exec(text) ?? [];
  return number ? `${name || "Safari"} ${number}` : "an unknown browser";
}

// "Android 16, Pixel 9", "Linux x86", "iPhone OS 26_1".
function systemName({ platform, platformVersion, architecture, model }) {
  const words = [platform, platformVersion, architecture].filter(Boolean).join(" ");
  if (platform) return [words, model].filter(Boolean).join(", ");
  return /\(([^)]*)\)/.exec(navigator.userAgent)?.[1] ?? "an unknown system";
}

async function describe() {
  const data = navigator.userAgentData;  // not in Firefox and Safari, nor on plain http
  const wanted = ["fullVersionList", "platformVersion", "architecture", "model"];
  const facts = await data?.getHighEntropyValues(wanted).catch(() => data) ?? {};
  return {
    browser: browserName(facts.fullVersionList ?? data?.brands ?? []),
    system: systemName(facts),
    processor: `WebAssembly, one thread of ${navigator.hardwareConcurrency ?? "an unknown number"}`,
  };
}

export class Bench {
  #worker;
  #result;
  #tell;
  #download;

  // `tell(name, ...texts)` calls the program's function; `download(blob, name)` offers a file.
  constructor(tell, download) {
    this.#tell = tell;
    this.#download = download;
  }

  async start(device, seconds, workload) {
    this.stop();
    const worker = new Worker(new URL("benchmark/worker.js", import.meta.url), { type: "module" });
    this.#worker = worker;
    // What was sent before a stop may come after it.
    const take = (data) => worker === this.#worker && this.#take(data);
    worker.addEventListener("message", ({ data }) => take(data));
    worker.addEventListener("error", ({ message }) => take({
      problem: `The benchmark could not be loaded${message ? `: ${message}` : ""}. Is the folder “benchmark” next to the page?`,
    }));
    worker.postMessage({ device, seconds, workload, ...await describe() });
  }

  stop() {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  async copy() {
    const copied = navigator.clipboard?.writeText(this.#result.markdown) ?? Promise.reject();
    await copied.catch(() => {
      throw new Error("The browser does not let this page write to the clipboard. Save the JSON file instead.");
    });
  }

  save() {
    this.#download(new Blob([this.#result.json], { type: "application/json" }), "pumice-bench.json");
  }

  #take({ begin, note, rows, problem, ...result }) {
    if (begin) return this.#tell("page_bench_begin", begin);
    if (note) return this.#tell("page_bench_note", note);
    this.stop();
    if (problem) return this.#tell("page_bench_fail", problem);
    this.#result = result;
    this.#tell("page_bench_finish", rows);
  }
}
