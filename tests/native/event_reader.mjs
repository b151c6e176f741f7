// Reads TensorBoard event files with independent readers: npm's tfrecord for the records and
// their checksums, its protobufjs for the messages, pngjs for the images:
//   node event_reader.mjs FOLDER_OF_NODE_MODULES FILE...
// Prints JSON: for each file [{time, step, version?, session?, scalars: {tag: value}, images: {tag:
// {width, height, colorspace, decoded: [width, height], pixels: [red, green, blue, …]}}}].
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, ...paths] = process.argv.slice(2);
const require = createRequire(resolve(folder, "package.json"));
const { RecordReader } = require("tfrecord");
const { PNG } = require("pngjs");
const protobuf = createRequire(require.resolve("tfrecord"))("protobufjs");

// The parts used here of TensorFlow's core/util/event.proto and core/framework/summary.proto.
const { root } = protobuf.parse(`
  syntax = "proto3";
  package tensorflow;
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }
  }
  message SessionLog {
    enum SessionStatus { STATUS_UNSPECIFIED = 0; START = 1; STOP = 2; CHECKPOINT = 3; }
    SessionStatus status = 1;
  }
  message Image {
    int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4;
  }
  message Value { string tag = 1; oneof value { float simple_value = 2; Image image = 4; } }
  message Summary { repeated Value value = 1; }
`, { keepCase: true });
const Event = root.lookupType("tensorflow.Event");

function described(event) {
  const result = { time: event.wall_time, step: event.step, scalars: {}, images: {} };
  if (event.file_version) result.version = event.file_version;
  if (event.session_log) result.session = event.session_log.status;
  for (const value of event.summary?.value ?? []) {
    if (value.image) {
      const { width, height, colorspace, encoded_image_string: bytes } = value.image;
      const png = PNG.sync.read(Buffer.from(bytes));
      const pixels = [...png.data].filter((_, index) => index % 4 < 3);
      result.images[value.tag] = { width, height, colorspace, decoded: [png.width, png.height], pixels };
    } else {
      result.scalars[value.tag] = value.simple_value;
    }
  }
  return result;
}

async function eventsOf(path) {
  const reader = await RecordReader.create(path);
  const events = [];
  for (let record = await reader.readRecord(); record; record = await reader.readRecord()) {
    events.push(described(Event.toObject(Event.decode(Uint8Array.from(record)), {
      longs: Number, enums: String, arrays: true,
    })));
  }
  return events;
}

const files = [];
for (const path of paths) files.push(await eventsOf(path));
console.log(JSON.stringify(files));
