// The device that computes: WebGPU if it has a graphics card, otherwise the processor, which is always
// there. The user may choose another: for good in the Device tab, for one visit by ?device=webgpu or
// ?device=cpu.
import { recall, remember } from "./memory.js";
import { openDevice } from "./open_device.js";

const kKey = "pumice-device";
const kPatience = 300;  // milliseconds to wait for WebGPU once the program has started

const kInstead = "The processor computes instead.";

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Resolves to { gpuDevice, gpuAdapterInfo }, or to the reason for the processor, { reason }.
async function find(choice) {
  if (choice === "cpu") return { reason: "" };
  try {
    return await openDevice(navigator.gpu, { acceptsSoftware: choice === "webgpu" });
  } catch ({ message }) {
    return { reason: message };
  }
}

export class Devices {
  #choice = new URLSearchParams(location.search).get("device") ?? recall(kKey);
  #search = find(this.#choice);  // while the program loads; a later search replaces it
  #take;
  #explain;
  #miss;

  // Calls `take` with what find() resolves to, soon and at every change. `miss(message)` reports
  // that what the user chose earlier is not there. If WebGPU answers late, the processor computes until
  // then; if the late answer is that it stays, `explain(reason)` says why.
  async start(take, explain, miss) {
    this.#take = take;
    this.#explain = explain;
    this.#miss = miss;
    const search = this.#search;
    const found = await Promise.race([search, pause(kPatience)]);
    if (found) return this.#use(search);
    await take({ reason: "WebGPU took too long to answer." });
    search.then(({ gpuDevice, reason }) => gpuDevice ? this.#use(search) : this.#stay(search, reason));
  }

  // Throws an Error with a message for the user if that device is not there.
  async choose(choice) {
    const search = find(choice);
    this.#search = search;
    const { gpuDevice, reason } = await search;
    if (choice === "webgpu" && !gpuDevice) throw new Error(`${reason} ${kInstead}`);
    this.#choice = choice;
    remember(kKey, choice);
    await this.#use(search);
  }

  // After a loss.
  reconnect() {
    this.#search = find(this.#choice);
    return this.#use(this.#search);
  }

  async #use(search) {
    const found = await search;
    if (search !== this.#search) return found.gpuDevice?.destroy();
    await this.#take(found);
    this.#report(found);
  }

  // With the processor, which computes already.
  #stay(search, reason) {
    if (search !== this.#search) return;
    this.#explain(reason);
    this.#report({ reason });
  }

  #report({ gpuDevice, reason }) {
    if (this.#choice === "webgpu" && !gpuDevice) this.#miss(`${reason} ${kInstead}`);
  }
}
