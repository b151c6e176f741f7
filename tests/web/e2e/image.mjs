// PNG files of the test images.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const { PNG } = createRequire(resolve(process.argv[2], "package.json"))("pngjs");
const kSize = { width: 7, height: 9 };

// The bytes of that file, encoded as a PNG.
export function image(driver, name, channels) {
  const bytes = readFileSync(join(driver.folder, name));
  const png = new PNG(kSize);
  for (let i = 0; i < bytes.length / channels; ++i) {
    for (let c = 0; c < 3; ++c) png.data[4 * i + c] = bytes[i * channels + c % channels];
    png.data[4 * i + 3] = 255;
  }
  return PNG.sync.write(png);
}
