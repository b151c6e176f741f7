// Records an animation as a video: an MP4 or, where the browser cannot encode that, a WebM.
import { download } from "./save.js";

const kTypes = { "video/mp4;codecs=avc1.42001f": "mp4", "video/webm;codecs=vp9": "webm", "video/webm": "webm" };
const kBitsPerSecond = 8e6;

// Time that stands still while the tab is hidden, where browsers hold back timers.
class Clock {
  #start = performance.now();
  #hidden = document.hidden ? this.#start : null;
  #onChange;

  // `stop` and `go` are called when it stops and resumes.
  constructor(stop, go) {
    this.#onChange = () => {
      if (document.hidden) {
        this.#hidden = performance.now();
        stop();
      } else if (this.#hidden !== null) {
        this.#start += performance.now() - this.#hidden;
        this.#hidden = null;
        go();
      }
    };
    document.addEventListener("visibilitychange", this.#onChange);
    if (document.hidden) stop();
  }

  async reach(time) {
    for (;;) {
      const left = this.#start + time - performance.now();
      if (this.#hidden === null && left <= 0) return;
      await new Promise((done) => setTimeout(done, this.#hidden === null ? left : 50));
    }
  }

  end() {
    document.removeEventListener("visibilitychange", this.#onChange);
  }
}

// A canvas that hands its images to the recorder on request. H.264 needs even sides: the last
// column and row of odd images come twice.
function createStage(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width: width + width % 2, height: height + height % 2 });
  const context = canvas.getContext("2d");
  const stream = canvas.captureStream(0);
  const [track] = stream.getVideoTracks();
  return { stream, show: (image) => {
    context.putImageData(image, 0, 0);
    if (width % 2) context.drawImage(canvas, width - 1, 0, 1, height, width, 0, 1, height);
    if (height % 2) context.drawImage(canvas, 0, height - 1, canvas.width, 1, 0, height, canvas.width, 1);
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
    const clock = new Clock(() => recorder.pause(), () => recorder.resume());
    for (let i = 0; i < frames; ++i) {
      show(image(i));
      await clock.reach(milliseconds * (i + 1));
    }
    clock.end();
    show(image(frames - 1));  // ends the one before
    recorder.stop();
  };
  await Promise.all([record(), ended]).finally(quiet);
  download(new Blob(parts, { type }), `${name}.${kTypes[type]}`);
}
