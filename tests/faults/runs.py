"""Tiny runs of every family, for tests that disturb them."""
import csv
import json
import os
import pathlib
import struct
import subprocess

BOTH = """
[data]
name = "mnist"
[train]
epochs = 4
batch = 16
checkpoint_minutes = 1e-9
"""
OPTIMIZER = """
[optimizer]
learning_rate = 1e-3
"""
LINEAR = '{ type = "linear", out = 16, activation = "relu" }'
ADVERSARIES = f"""
[generator]
layers = [ {LINEAR} ]
[discriminator]
layers = [ {{ type = "linear", out = 16, activation = "leaky_relu" }} ]
"""

# What each family keeps between steps: moments, averages, running statistics, its order of steps. They save after
# every step.
RECIPES = {
    "vae": 'model = "vae"' + BOTH + OPTIMIZER + f"""
[encoder]
layers = [ {LINEAR}, {{ type = "dropout", rate = 0.2 }} ]
[latent]
size = 2
[decoder]
layers = [ {LINEAR} ]
""",
    "gan-ema": 'model = "gan"\nconditional = true' + BOTH + OPTIMIZER + """
[discriminator_optimizer]
name = "rmsprop"
[loss]
kind = "non_saturating"
[ema]
decay = 0.9
[latent]
size = 3
""" + ADVERSARIES,
    "wgan-gp": 'model = "gan"' + BOTH + OPTIMIZER + """
[loss]
kind = "wasserstein_gp"
critic_steps = 3
[latent]
size = 3
""" + ADVERSARIES,
    "vae-lstm": 'model = "vae"' + BOTH + OPTIMIZER + f"""
[encoder]
layers = [ {{ type = "lstm", out = 6 }} ]
[latent]
size = 2
[decoder]
layers = [ {LINEAR} ]
""",
    "dcgan": 'model = "gan"' + BOTH + OPTIMIZER + """
[loss]
kind = "non_saturating"
[latent]
size = 4
[generator]
layers = [
  { type = "linear", out = 196 },
  { type = "reshape", shape = [7, 7, 4] },
  { type = "batch_norm", activation = "relu" },
  { type = "conv_transpose2d", out = 4, kernel = 4, stride = 2, bias = false },
  { type = "batch_norm", activation = "relu" },
  { type = "conv_transpose2d", out = 1, kernel = 4, stride = 2, activation = "tanh" },
]
output = "tanh"
[discriminator]
layers = [
  { type = "conv2d", out = 4, kernel = 4, stride = 2, activation = "leaky_relu" },
  { type = "conv2d", out = 4, kernel = 4, stride = 2, bias = false },
  { type = "batch_norm", activation = "leaky_relu" },
]
""",
    "flow": 'model = "flow"' + BOTH + OPTIMIZER + """
[ema]
decay = 0.9
[velocity]
time_size = 4
layers = [ { type = "linear", out = 16, activation = "silu" } ]
""",
}
STEPS_PER_EPOCH = 12
SIDE = 28


def write_idx(path, extents, values):
    path.write_bytes(struct.pack(">HBB", 0, 8, len(extents)) + struct.pack(f">{len(extents)}I", *extents) + values)


def write_data(folder, train=16 * STEPS_PER_EPOCH, test=20):
    """The four files of MNIST, with bright squares on a dark background."""
    folder.mkdir(exist_ok=True)
    for prefix, count in (("train", train), ("t10k", test)):
        pixels = bytearray()
        for i in range(count):
            left, top = 8 * (i % 3), 8 * (i // 3 % 3)
            pixels += bytes(255 - i % 50 if left <= p % SIDE < left + 12 and top <= p // SIDE < top + 12 else i % 20
                            for p in range(SIDE * SIDE))
        write_idx(folder / f"{prefix}-images-idx3-ubyte", (count, SIDE, SIDE), bytes(pixels))
        write_idx(folder / f"{prefix}-labels-idx1-ubyte", (count,), bytes(i % 9 for i in range(count)))


class Workplace:
    """A folder with data and recipes, and how to start the program there."""

    def __init__(self, folder, build):
        self.folder = pathlib.Path(folder)
        self.build = pathlib.Path(build).resolve()
        write_data(self.folder / "data")
        for name, text in RECIPES.items():
            (self.folder / f"{name}.toml").write_text(f'name = "{name}"\n' + text)

    def command(self, family, run):
        """Resumes the run or, if it has saved nothing yet, begins it."""
        if (run / "checkpoint.safetensors").exists():
            words = ["--resume", run]
        else:
            words = [self.folder / f"{family}.toml", "--out", run, "--force"]
        return [self.build / "pumice", "train", *words, "--data", self.folder / "data", "--device", "cpu", "--json"]

    def start(self, family, run, **environment):
        return subprocess.Popen(self.command(family, run), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=self.environment() | environment)

    def environment(self):
        return os.environ | {"XDG_CACHE_HOME": str(self.folder / "cache"), "PUMICE_CPU_THREADS": "1"}

    def finish(self, family, run, **environment):
        """Trains to the end; returns (exit status, stderr)."""
        process = self.start(family, run, **environment)
        _, errors = process.communicate()
        return process.returncode, errors


def metadata_of(checkpoint):
    with open(checkpoint, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        return json.loads(file.read(length))["__metadata__"]


def saved_step(run):
    """Of the newest checkpoint; 0 without any."""
    checkpoint = run / "checkpoint.safetensors"
    return int(metadata_of(checkpoint)["step"]) if checkpoint.exists() else 0


def differences(run, whole):
    """The files of a disturbed run that are not those of an undisturbed one."""
    different = [name for name in ("checkpoint.safetensors", "steps.csv", "recipe.toml")
                 if (run / name).read_bytes() != (whole / name).read_bytes()]
    if untimed_rows(run / "metrics.csv") != untimed_rows(whole / "metrics.csv"):
        different.append("metrics.csv")
    if untimed_lines(run / "metrics.jsonl") != untimed_lines(whole / "metrics.jsonl"):
        different.append("metrics.jsonl")
    for image in sorted((whole / "samples").iterdir()):
        if image.read_bytes() != (run / "samples" / image.name).read_bytes():
            different.append(f"samples/{image.name}")
    return different


TIMES = ("seconds", "images_per_second", "time", "started_by")


def untimed_rows(file):
    with open(file, newline="") as stream:
        return [{key: value for key, value in row.items() if key not in TIMES} for row in csv.DictReader(stream)]


def untimed_lines(file):
    lines = map(json.loads, file.read_text().splitlines())
    return [{key: value for key, value in line.items() if key not in TIMES} for line in lines]


def leftovers(run):
    """Files that were being written when the process was killed."""
    return [path.name for path in run.rglob(".*.tmp")]
