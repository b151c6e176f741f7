"""The largest relative difference of the losses of a recipe's first steps between devices."""

import json
import shlex
import subprocess

from table import Table

STEPS = 10
BATCH = 16  # a software driver takes minutes for the batches of the recipes
DEVICES = ["lavapipe", "SwiftShader"]
# One of each family and kind of network.
RECIPES = ["vae-mlp-mnist", "cvae-mlp-mnist", "vae-lstm-mnist", "vae-conv-cifar10",
           "flow-mlp-mnist", "cflow-mlp-mnist", "gan-mlp-mnist", "cgan-mlp-mnist",
           "gan-conv-mnist", "sngan-mnist", "dcgan-cifar10", "wgan-mlp-mnist", "wgan-gp-mnist",
           "dcwgan-mnist", "classifier-mnist"]


def tables(setting):
    table = Table(f"Largest relative difference from the losses of {setting.arguments.device}, "
                  f"{STEPS} steps of {BATCH} images", ["recipe", *DEVICES])
    for recipe in setting.arguments.recipes or RECIPES:
        ours = losses_of(setting, recipe, setting.arguments.device)
        others = [losses_of(setting, recipe, device) for device in DEVICES]
        table.add(recipe, *(difference(ours, other) for other in others))
    yield table


def losses_of(setting, recipe, device):
    line = setting.ours("bench_recipe_step", "--recipe", recipe, "--losses", STEPS, "--batch", BATCH,
                        device=device)
    output = subprocess.run(shlex.split(line), check=True, capture_output=True, text=True).stdout
    return [json.loads(text) for text in output.splitlines()]


def difference(ours, others):
    """By metric, as the largest over the steps, relative to the largest of the metric's values."""
    largest = {}
    for name in ours[0]:
        scale = max(abs(step[name]) for step in ours)
        far = max(abs(a[name] - b[name]) for a, b in zip(ours, others))
        largest[name] = far / scale if scale else far
    name = max(largest, key=largest.get)
    return f"{largest[name]:.1e} ({name})"
