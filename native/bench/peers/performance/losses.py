"""The relative difference of a recipe's losses between devices: at the first step, and the largest."""

import json
import shlex
import subprocess

from table import Table

LOSSES = ("loss", "d_loss", "g_loss", "em_distance")
STEPS = 10
BATCH = 16  # a software driver takes minutes for the batches of the recipes
DEVICES = ["lavapipe", "SwiftShader"]
# One of each family and kind of network.
RECIPES = ["vae-mlp-mnist", "cvae-mlp-mnist", "vae-lstm-mnist", "vae-conv-cifar10",
           "flow-mlp-mnist", "cflow-mlp-mnist", "gan-mlp-mnist", "cgan-mlp-mnist",
           "gan-conv-mnist", "sngan-mnist", "dcgan-cifar10", "wgan-mlp-mnist", "wgan-gp-mnist",
           "dcwgan-mnist", "classifier-mnist"]


def tables(setting):
    table = Table(f"Relative difference from the losses of {setting.arguments.device} in batches of "
                  f"{BATCH}: at the first step, and the largest of {STEPS}",
                  ["recipe", "losses", *DEVICES])
    for recipe in setting.arguments.recipes or RECIPES:
        ours = losses_of(setting, recipe, setting.arguments.device)
        others = [losses_of(setting, recipe, device) for device in DEVICES]
        names = [name for name in ours[0] if name in LOSSES]
        table.add(recipe, ", ".join(names), *(differences(ours, other, names) for other in others),
                  samples=[ours, *others])
    yield table


def losses_of(setting, recipe, device):
    line = setting.ours("bench_recipe_step", "--recipe", recipe, "--losses", STEPS, "--batch", BATCH,
                        device=device)
    output = subprocess.run(shlex.split(line), check=True, capture_output=True, text=True).stdout
    return [json.loads(text) for text in output.splitlines()]


def differences(ours, others, names):
    """Relative to the largest of a loss's values: losses of GANs and critics cross zero."""
    scales = {name: max(abs(step[name]) for step in ours) for name in names}
    steps = [max(abs(a[name] - b[name]) / scales[name] for name in names)
             for a, b in zip(ours, others)]
    return f"{steps[0]:.1e}, {max(steps):.1e}"
