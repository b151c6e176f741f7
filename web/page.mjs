// Starts the program in the page's canvas, and does for it what only JavaScript can.
import { Files } from "./files.mjs";
import { drawGlyph, measureGlyph } from "./font.mjs";
import { drawOnDemand } from "./frames.mjs";
import { listen } from "./input.mjs";
import { publishLink, watchLink } from "./link.mjs";
import { openDevice } from "./open_device.mjs";
import { saveGif, savePng } from "./save.mjs";
import { followTheme } from "./theme.mjs";
import createPumice from "./pumice.mjs";

const canvas = document.getElementById("canvas");
let program, files, chooseTheme, wake = () => {};

const tell = (name, ...texts) => program.ccall(name, null, texts.map(() => "string"), texts);

// A page without WebGPU still draws and says why.
async function findDevice() {
  try {
    return await openDevice(navigator.gpu);
  } catch (error) {
    return { problem: `${error.message} Without it models are shown, but make no pictures.` };
  }
}

function watchDevice(device) {
  device?.lost.then(({ message, reason }) => {
    if (device === program.gpuDevice) tell("page_lose_device", message || reason || "no reason given");
  });
}

async function reconnect() {
  const { gpuDevice, gpuAdapterInfo, problem } = await findDevice();
  if (!gpuDevice) return tell("page_lose_device", problem);
  Object.assign(program, { gpuDevice, gpuAdapterInfo });
  watchDevice(gpuDevice);
  program._page_take_device();
  await files.reopen();
}

function resize() {
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  program._page_resize(width, height, devicePixelRatio);
  wake();
}

function giveUp(message) {
  const help = document.getElementById("help");
  help.textContent = message;
  help.hidden = false;
  canvas.hidden = true;
}

// What library_page.js hands on.
const services = {
  measureGlyph, drawGlyph, savePng, saveGif, publishLink, reconnect,
  wake: () => wake(),
  fetchModel: (file) => files.fetchModel(file),
  chooseFile: () => files.choose(),
  chooseTheme: (choice) => chooseTheme(choice),
};

async function start() {
  const { gpuDevice, gpuAdapterInfo, problem } = await findDevice();
  program = await createPumice({
    canvas, gpuDevice, gpuAdapterInfo, page: services, onReadback: () => program._page_poll(),
  });
  const isCoarse = matchMedia("(pointer: coarse)").matches;
  if (!program._page_start(gpuDevice ? 1 : 0, devicePixelRatio, isCoarse ? 1 : 0)) {
    return giveUp("This browser has no WebGL2, with which the page draws. Try a recent one.");
  }
  wake = drawOnDemand(() => program._page_frame());
  files = new Files(program, (message) => tell("page_say", message));
  chooseTheme = followTheme((isLight, choice) => program._page_theme(isLight ? 1 : 0, choice));
  if (problem) tell("page_say", problem);
  watchDevice(gpuDevice);
  addEventListener("resize", resize);
  resize();
  listen(canvas, program, wake);
  watchLink((lines) => tell("page_restore", lines));
  files.acceptDrops();
  globalThis.pumice = program;  // for tests, and for the curious
  await files.offerModels();
}

start().catch((error) => giveUp(`The page could not start: ${error.message}`));
