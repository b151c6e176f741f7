"""A folder in which the commands of documents find what they name, small enough for a test."""
import os
import pathlib
import re
import shutil
import struct
import subprocess
import zlib

REPOSITORY = pathlib.Path(__file__).parents[2]
SECONDS = 120  # for one command

# A VAE of 784 → 16 → 2 numbers, for digits and for images in a folder.
RECIPE = """name = "tiny"
model = "{model}"
{more}
[data]
name = "mnist"
[train]
epochs = 1
batch = 16
"""
VAE = """[loss]
reconstruction = "mse"
[latent]
size = 2
[encoder]
layers = [{ type = "linear", out = 16, activation = "relu" }]
[decoder]
layers = [{ type = "linear", out = 16, activation = "relu" }]
"""
CLASSIFIER = """[classifier]
layers = [{ type = "linear", out = 16, activation = "relu" }]
"""
SWEEP = """name = "widths"
recipe = "recipe.toml"
[[grid]]
latent.size = [2]
"""


class Sandbox:
    """Stands for the root of the repository after a build, with data sets of its own."""

    def __init__(self, root, build):
        self.root = pathlib.Path(root)
        self.environment = {**os.environ, "PUMICE_DATA": str(self.root / "data"),
                            "XDG_CACHE_HOME": str(self.root / "cache"),
                            "PATH": f"{self.root}/build/native:{os.environ['PATH']}"}
        (self.root / "build").mkdir()
        (self.root / "build/native").symlink_to(pathlib.Path(build).resolve())
        shutil.copytree(REPOSITORY / "native/bench/peers", self.root / "native/bench/peers")
        self.write_data()
        self.write_inputs()
        self.train_models()

    def write_data(self):
        # More test images than the extractor of the program has features.
        for part, count in (("train", 256), ("t10k", 192)):
            pixels = b"".join(square(i, 28, 1) for i in range(count))
            self.write(f"data/mnist/{part}-images-idx3-ubyte", idx([count, 28, 28], pixels))
            self.write(f"data/mnist/{part}-labels-idx1-ubyte",
                       idx([count], bytes(i % 10 for i in range(count))))
        shutil.copytree(self.root / "data/mnist", self.root / "data/fashion-mnist")
        records = b"".join(bytes([i % 10]) + square(i, 32, 3) for i in range(100))
        for name in [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]:
            self.write(f"data/cifar10/{name}.bin", records)

    def write_inputs(self):
        for folder in ("photos", "FOLDER"):
            for i in range(60):
                self.write(f"{folder}/{'ab'[i % 2]}/{i}.png", png(32, square(i, 32, 3)))
        for split, count in (("train", 64), ("val", 80)):
            for i in range(count):
                self.write(f"imagenette/{split}/n0144000{i % 2}/{i}.png", png(16, square(i, 16, 3)))
        self.write("recipe.toml", RECIPE.format(model="vae", more="") + VAE)
        self.write("conditional.toml", RECIPE.format(model="vae", more="conditional = true") + VAE)
        self.write("classifier.toml", RECIPE.format(model="classifier", more="") + CLASSIFIER)
        self.write("widths.toml", SWEEP)
        self.write("site/pumice.wasm", "")
        self.write("site/index.html", "the page")

    def train_models(self):
        """RUN stands for any run; it is conditional, so that its classes can be chosen."""
        for recipe, folder in (("recipe", "model"), ("conditional", "RUN"), ("classifier", "classes")):
            result = self.run(["pumice", "train", f"{recipe}.toml", "--out", folder])
            assert result.returncode == 0, result.stderr

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def provide(self, words):
        """Every run that is named exists, but for the one that is to be trained, and what is resumed is as it was."""
        if "train" in words and "--out" in words:
            shutil.rmtree(self.root / words[words.index("--out") + 1], ignore_errors=True)
            return
        if "train" in words and "--resume" in words:
            shutil.rmtree(self.root / words[words.index("--resume") + 1], ignore_errors=True)
        if "pumice-bench.json" in words:  # which a browser saves
            shutil.copy(self.root / "mine.json", self.root / "pumice-bench.json")
        for run in re.findall(r"(?<![\w/])runs/[\w.-]+", " ".join(words)):
            if not (self.root / run).exists():
                shutil.copytree(self.root / ("classes" if "classifier" in run else "model"), self.root / run)

    def run(self, words, folder=None, path=None):
        environment = {**self.environment, **({"PATH": path} if path else {})}
        program = shutil.which(words[0], path=environment["PATH"]) or words[0]
        return subprocess.run([program if "/" not in words[0] else words[0], *words[1:]],
                              cwd=folder or self.root, env=environment, timeout=SECONDS,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def expand(self, settings, command, path):
        """(folder, PATH, words): what the shell makes of a command behind `cd` and the like."""
        script = "\n".join([*settings, f"printf '%s\\0' \"$(pwd)\" \"$PATH\" {command}"])
        result = subprocess.run(["bash", "-euc", script], cwd=self.root, capture_output=True,
                                env={**self.environment, "PATH": path}, text=True, check=True)
        folder, path, *words = result.stdout.split("\0")[:-1]
        return folder, path, words


def square(i, side, channels):
    """A bright square in one of nine places; planes one after the other."""
    left, top = side // 4 * (i % 3), side // 4 * (i // 3 % 3)
    plane = bytes(255 - i % 50 if 0 <= p % side - left < side // 2 and 0 <= p // side - top < side // 2
                  else i % 20 for p in range(side * side))
    return plane * channels


def idx(extents, body):
    return bytes([0, 0, 8, len(extents)]) + struct.pack(f">{len(extents)}I", *extents) + body


def png(side, planes):
    plane = planes[:side * side]
    rows = b"".join(b"\0" + bytes(v for p in plane[y * side:(y + 1) * side] for v in (p, p, p))
                    for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks)
