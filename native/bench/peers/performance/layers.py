"""Convolutions against PyTorch's oneDNN, and other layers forward and backward."""

from contest import contest
from table import Table, speed

LAYERS = ["conv 1 64 k3 s2 28", "conv 64 64 k3 s2 14", "tconv 128 128 k4 s2 14",
          "conv 128 1 k7 s1 28", "conv 3 64 k4 s2 32", "conv 64 128 k4 s2 16",
          "conv 256 512 k4 s2 8", "tconv 512 256 k4 s2 4", "tconv 256 128 k4 s2 8",
          "tconv 128 3 k4 s2 16"]
PRODUCTS = ["forward", "input", "weight"]
OTHERS = ["lstm", "batch_norm", "batch_norm_relu", "layer_norm", "max_pool", "average_pool",
          "global_average", "upsample", "concat_channels"]
LAYOUTS = {"NCHW": [], "NHWC": ["--channels-last"]}


def tables(setting):
    for name, python in setting.pythons:
        yield convolutions(setting, name, python)
    yield others(setting)


def convolutions(setting, name, python):
    table = Table(f"Convolutions, batch 128: speed relative to {name} in its faster layout",
                  ["layer", *PRODUCTS])
    for layer in LAYERS:
        cells = [measured(setting, python, "bench_conv", "conv_torch.py", "--layer", layer,
                          "--product", product) for product in PRODUCTS]
        table.add(layer, *(cell for cell, _ in cells), samples=[samples for _, samples in cells])
    return table


def others(setting):
    table = Table("Layers forward and backward: speed relative to PyTorch in its faster layout",
                  ["layer", *(name for name, _ in setting.pythons)])
    for layer in OTHERS:
        cells = [measured(setting, python, "bench_layer_step", "layer_step_torch.py", "--layer",
                          layer) for _, python in setting.pythons]
        table.add(layer, *(cell for cell, _ in cells), samples=[samples for _, samples in cells])
    return table


def measured(setting, python, program, script, *options):
    """The cell of a comparison, and its samples."""
    sides = {"Pumice": setting.ours(program, *options)}
    for layout, flags in LAYOUTS.items():
        sides[layout] = setting.peer(python, script, *options, *flags)
    arguments = setting.arguments
    results = contest(sides, arguments.rounds, arguments.seconds / 3)
    peer = min((results[layout] for layout in LAYOUTS if layout in results),
               key=lambda result: result.median)
    return (speed(*results["Pumice"].speed_against(peer)),
            {name: result.milliseconds for name, result in results.items()})
