// What was dropped on the page, as sources: { name, read() → File, anew() → File in its current
// state on disk }.
const kMostEntries = 20000;  // of a folder that is searched
const kEarlier = /^checkpoint-previous-\d+\.safetensors$/;  // those that a run keeps beside its newest
const kDepth = 2;            // a run's folder, or a folder of runs
const kAdvice = "Drop the checkpoint.safetensors that pumice train wrote, or an image.";

export const sourceOf = (file) => ({ name: file.name, read: async () => file, anew: async () => file });

export const unreadable = (name, { message }) => new Error(
  `${name}: cannot be read: ${message} Drop it again; if it is a folder, drop the checkpoint.safetensors in it.`);

const fileOf = (entry) => new Promise((done, fail) => {
  entry.file(done, (error) => fail(unreadable(entry.name, error)));
});

// readEntries returns a part at a time, and an empty part at the end.
async function entriesOf(folder) {
  const reader = folder.createReader();
  const all = [];
  while (all.length < kMostEntries) {
    const part = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (part.length === 0) break;
    all.push(...part);
  }
  return all;
}

// The checkpoints of the folder or, if it has none, those one level below.
async function findCheckpoints(folder) {
  let level = [folder];
  for (let depth = 0; depth < kDepth; ++depth) {
    const below = [];
    for (const each of level) below.push(...await entriesOf(each));
    const all = below.filter((entry) => entry.isFile && /\.safetensors$/i.test(entry.name));
    const later = all.filter((entry) => !kEarlier.test(entry.name));
    const found = later.length > 0 ? later : all;
    const main = found.filter((entry) => entry.name === "checkpoint.safetensors");
    if (found.length > 0) return main.length === 1 ? main : found;
    level = below.filter((entry) => entry.isDirectory);
  }
  return [];
}

async function fromFolder(folder) {
  const found = await findCheckpoints(folder).catch(({ message }) => {
    throw new Error(`${folder.name}: the browser cannot open this folder: ${message} ${kAdvice}`);
  });
  if (found.length === 0) throw new Error(`${folder.name}: no checkpoint in this folder or its subfolders. ${kAdvice}`);
  if (found.length > 1) {
    const paths = found.map((entry) => entry.fullPath.slice(1)).sort();
    const more = paths.length > 3 ? ", …" : "";
    throw new Error(`${folder.name} holds ${paths.length} checkpoints (${paths.slice(0, 3).join(", ")}${more}). Drop one of them.`);
  }
  const read = () => fileOf(found[0]);
  // A run's checkpoint is named after the run.
  const run = found[0].fullPath.split("/").at(-2) || folder.name;
  return { name: found[0].name === "checkpoint.safetensors" ? run : found[0].name, read, anew: read };
}

function fromItem(item) {
  const entry = item.webkitGetAsEntry?.();
  if (entry?.isDirectory) return fromFolder(entry);
  const file = item.getAsFile();
  return file && { ...sourceOf(file), anew: () => (entry ? fileOf(entry) : file) };
}

function otherThan(types) {
  return new Error(types.some((type) => type.includes("uri"))
    ? `A link was dropped, not a file. Save its target and drop the file. ${kAdvice}`
    : `What was dropped is not a file. ${kAdvice}`);
}

// Promises of sources; for unsupported items they reject with a message for the user. Must be
// called during the event, because the browser then forgets what was dropped.
export function takeDrop(transfer) {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  if (items.length === 0) return [Promise.reject(otherThan([...transfer.types]))];
  return items.map(async (item) => fromItem(item));
}
