// Records an animation as a video: an MP4 or, where the browser cannot encode that, a WebM.
import { download } from "./save.js";

const kTypes = { "video/mp4;codecs=avc1.42001f": "mp4", "video/webm;codecs=vp9": "webm", "video/webm": "webm" };
const kBitsPerSecond = 8e6;

const waitUntil = (time) => new Promise((done) => setTimeout(done, Math.max(0, time - performance.now())));

// A canvas that hands its images to the recorder when told to. H.264 needs even sides.
function createStage(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width: width + width % 2, height: height + height % 2 });
  const context = canvas.getContext("2d");
  const stream = canvas.captureStream(0);
  const [track] = stream.getVideoTracks();
  return { stream, show: (image) => {
    context.putImageData(image, 0, 0);
    track.requestFrame();
  } };
}

// `rgba`: the frames, one after the other; each is shown for `milliseconds`. `say` tells the user how long
// it takes, since browsers record in real time; `quiet` takes that back.
export async function saveVideo({ say, quiet }, rgba, width, height, frames, milliseconds, name) {
  const type = Object.keys(kTypes).find((each) => globalThis.MediaRecorder?.isTypeSupported(each));
  if (!type) throw new Error("This browser cannot record videos. Save a GIF instead.");
  const { stream, show } = createStage(width, height);
  const recorder = new globalThis.MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: kBitsPerSecond });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise((done, fail) => Object.assign(recorder, { onstop: done, onerror: ({ error }) => fail(error) }));
  say(`Recording ${name}.${kTypes[type]}, ${Math.ceil(frames * milliseconds / 1000)} s.`);
  const bytes = 4 * width * height;
  const image = (i) => new ImageData(new Uint8ClampedArray(rgba.buffer, bytes * i, bytes), width, height);
  const record = async () => {
    recorder.start();
    const start = performance.now();
    for (let i = 0; i < frames; ++i) {
      show(image(i));
      await waitUntil(start + milliseconds * (i + 1));
    }
    show(image(frames - 1));  // ends the one before
    recorder.stop();
  };
  await Promise.all([record(), ended]).finally(quiet);
  download(new Blob(parts, { type }), `${name}.${kTypes[type]}`);
}
