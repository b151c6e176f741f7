#!/usr/bin/env python3
"""Writes what this version's program writes, for tests of later versions: a tiny run of every family, an exported file,
and a sweep. Run it before the format of a checkpoint, of sweep.json or of length.json changes.
    keep_version.py BUILD_FOLDER VERSION        writes version-VERSION beside this script
"""
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

DATA = """
[data]
name = "folder"
size = 4
channels = 1
[train]
epochs = 1
batch = 4
"""
SMALL = '{ type = "linear", out = 2, activation = "relu" }'
RECIPES = {
    "vae": f"""
[encoder]
layers = [ {SMALL} ]
[latent]
size = 1
[decoder]
layers = [ {SMALL} ]
""",
    "gan": f"""
[loss]
kind = "non_saturating"
[ema]
decay = 0.9
[latent]
size = 2
[generator]
layers = [ {{ type = "linear", out = 3 }}, {{ type = "batch_norm", activation = "relu" }} ]
[discriminator]
layers = [ {SMALL} ]
""",
    "flow": f"""
[velocity]
time_size = 2
layers = [ {SMALL} ]
""",
    "classifier": f"""
[classifier]
layers = [ {SMALL} ]
""",
}
KEPT = ("checkpoint.safetensors", "recipe.toml", "length.json", "metrics.csv", "metrics.jsonl", "steps.csv")


def png(grey, side=4):
    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
    rows = bytes([0] + [grey] * side) * side
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", side, side, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def write_images(folder):
    for i in range(16):
        for split in ("train", "test"):
            place = folder / split / "ab"[i % 2]
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{i}.png").write_bytes(png(16 * i))


def main(build, version):
    target = pathlib.Path(__file__).resolve().parent / f"version-{version}"
    target.mkdir()
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        write_images(work / "images")

        def pumice(*words):
            subprocess.run([pathlib.Path(build).resolve() / "pumice", *words], check=True, stdout=subprocess.DEVNULL,
                           cwd=work)
        common = ("--data", "images", "--device", "cpu")
        for family, networks in RECIPES.items():
            (work / f"{family}.toml").write_text(f'name = "{family}"\nmodel = "{family}"\n{DATA}{networks}')
            pumice("train", f"./{family}.toml", "--out", family, *common)
            (target / family).mkdir()
            for name in KEPT:
                shutil.copy(work / family / name, target / family)
        pumice("export", "vae", "--web", "--without-map", "-o", target / "exported.safetensors")
        (work / "sweep.toml").write_text('name = "s"\nrecipe = "./vae.toml"\n[grid]\nlatent.size = [1, 2]\n')
        pumice("sweep", "./sweep.toml", "--out", "sweep", *common)
        (target / "sweep").mkdir()
        shutil.copy(work / "sweep/sweep.json", target / "sweep")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
