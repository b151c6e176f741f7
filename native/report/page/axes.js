// Axes of charts: logarithmic ones that fit the data, and the units of the horizontal one.

// The range of a logarithmic axis: the data's, and a twentieth of it on either side.
function logRange(min, max) {
  const margin = Math.max((max / min) ** 0.05, 1.01);
  return [min / margin, max * margin];
}

// Ticks in equal distances, about `count` of them.
function evenTicks(min, max, count) {
  const rough = (max - min) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const distance = [1, 2, 5, 10].map((digit) => digit * power).find((candidate) => candidate >= rough);
  const first = Math.ceil(min / distance);
  return Array.from({ length: Math.floor(max / distance) - first + 1 },
    (_, index) => Number(((first + index) * distance).toPrecision(12)));
}

// Ticks of a logarithmic axis: of one, two and five in each decade, or fewer where there are many
// decades; within a decade in equal distances.
function logTicks(min, max) {
  const kMost = 8;
  if (max / min < 10) return evenTicks(min, max, 5);
  const decades = Array.from({ length: Math.ceil(Math.log10(max)) - Math.floor(Math.log10(min)) + 1 },
    (_, index) => Math.floor(Math.log10(min)) + index);
  const ticks = (digits, every) => decades.filter((power) => power % every === 0)
    .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
    .filter((tick) => tick >= min && tick <= max);
  return [[[1, 2, 5], 1], [[1, 3], 1], ...[1, 2, 3, 5, 10, 20].map((every) => [[1], every])]
    .map((choice) => ticks(...choice)).find(({ length }) => length <= kMost);
}

// The seconds of training at an epoch, which may have a fraction; undefined after the last.
function secondsAt(run, epoch) {
  const whole = Math.min(Math.floor(epoch), run.epoch_seconds.length);
  const before = run.epoch_seconds.slice(0, whole).reduce((sum, seconds) => sum + seconds, 0);
  if (epoch === whole) return before;
  return whole < run.epoch_seconds.length ? before + (epoch - whole) * run.epoch_seconds[whole] : undefined;
}

// Converts what series are by, epoch or step, to the units of the page; undefined where the run's
// files do not tell.
const kUnits = {
  step: (run, by, x) => (by === "step" ? x : run.steps_per_epoch && x * run.steps_per_epoch),
  epoch: (run, by, x) => (by === "epoch" ? x : run.steps_per_epoch && x / run.steps_per_epoch),
  time: (run, by, x) => {
    const epoch = kUnits.epoch(run, by, x);
    return epoch === undefined ? undefined : secondsAt(run, epoch);
  },
};

// The points of a series that can be shown in the unit: [x, y], or null without any.
function pointsIn(unit, { run, by, x, y }) {
  const converted = x.map((value) => kUnits[unit](runs[run], by, value));
  const isKnown = (_, index) => converted[index] !== undefined;
  const points = [converted.filter(isKnown), y.filter(isKnown)];
  return points[0].length > 0 ? points : null;
}

function durationText(seconds) {
  if (!seconds) return "";
  if (seconds < 120) return `${numberText(Number(seconds.toPrecision(3)))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// "1:05", "2:00:00"; below ten seconds with a decimal where there is one: "0:01.5".
function clockText(seconds) {
  const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  const rest = seconds < 10 ? Math.floor(seconds * 10) / 10 : Math.floor(seconds % 60);
  const two = (number) => (number < 10 ? `0${number}` : `${number}`);
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

// A value of the horizontal axis, with its unit.
const unitText = (unit, x) => (unit === "time" ? clockText(x) : `${unit} ${numberText(x)}`);
