"""Images per second by batch and by width of the layers."""

import pathlib
import tempfile

from contest import contest
from table import Table

BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
WIDTHS = [64, 128, 256, 512, 1024, 2048, 4096]
RECIPE = """name = "width-{width}"
model = "vae"
seed = 1
[data]
name = "mnist"
[train]
epochs = 1
batch = 128
[optimizer]
name = "adam"
learning_rate = 1e-3
[latent]
size = 64
[encoder]
layers = [{{ type = "linear", out = {width}, activation = "relu" }}]
[decoder]
layers = [{{ type = "linear", out = {width}, activation = "relu" }}]
"""


def tables(setting):
    by_batch = Table("vae-mlp-mnist by batch", ["batch", "ms a step", "images/s"])
    for batch in BATCHES:
        measure(setting, by_batch, batch, batch, "--batch", batch)
    yield by_batch
    by_width = Table("A VAE of one hidden layer on each side, by width",
                     ["width", "ms a step", "images/s", "MFLOP per image", "GFLOP/s"])
    with tempfile.TemporaryDirectory() as folder:
        for width in WIDTHS:
            file = pathlib.Path(folder) / f"width-{width}.toml"
            file.write_text(RECIPE.format(width=width))
            measure(setting, by_width, width, 128, "--recipe", file, flops=flops_of(width))
    yield by_width


def flops_of(width):
    """Of a step, per image: three products of each weight, but no gradient for the pixels."""
    encoder = 784 * width * 2 + width * 128 * 3
    decoder = 64 * width * 3 + width * 784 * 3
    return 2 * (encoder + decoder)


def measure(setting, table, size, batch, *options, flops=None):
    line = setting.ours("bench_recipe_step", *options)
    arguments = setting.arguments
    result = contest({"Pumice": line}, arguments.rounds, arguments.seconds)["Pumice"]
    images = batch / result.median * 1e3
    rest = [f"{flops / 1e6:.1f}", f"{flops * images / 1e9:.1f}"] if flops else []
    table.add(size, f"{result.median:.3g}", f"{images:.0f}", *rest, samples=result.milliseconds)
