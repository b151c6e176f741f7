// Makes one file of the page's modules, which downloads faster, and shortens it; what is imported
// dynamically stays a file of its own:
//   node bundle.mjs FOLDER_OF_NODE_MODULES MODULES SITE
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";

const [packages, modules, site] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(join(packages, "package.json"));
const { build } = require("esbuild");
const { minify } = require("terser");

// Its threads load it too.
const kThreads = "pumice-threads.js";

const optional = ["gifenc.js"].filter((name) => !existsSync(join(modules, name)));
const { outputFiles } = await build({
  entryPoints: [join(modules, "page.js")],
  bundle: true,
  format: "esm",
  splitting: true,
  chunkNames: "[name]",
  external: [kThreads, ...optional].map((name) => `./${name}`),
  outdir: site,
  write: false,
});
mkdirSync(site, { recursive: true });
const files = outputFiles.map(({ path, text }) => ({ name: basename(path), text }));
files.push({ name: kThreads, text: readFileSync(join(modules, kThreads), "utf8") });
for (const { name, text } of files) {
  const { code } = await minify(text, { module: true, compress: { passes: 3 }, mangle: true });
  writeFileSync(join(site, name), code);
}
