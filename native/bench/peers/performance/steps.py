"""Whole training steps of recipes: time and memory."""

from contest import contest
from setting import command
from table import Table, speed

RECIPES = ["vae-mlp-mnist", "vae-lstm-mnist", "gan-conv-mnist", "dcgan-cifar10", "classifier-mnist"]
FRAMEWORK_RECIPES = ["vae-mlp-mnist", "classifier-mnist"]  # those of burn/ and tinygrad


def tables(setting):
    for recipe in setting.arguments.recipes or RECIPES:
        yield measured(setting, recipe)


def measured(setting, recipe):
    arguments = setting.arguments
    results = contest(sides(setting, recipe), arguments.rounds, arguments.seconds)
    ours = results[next(iter(setting.forms()))]
    table = Table(f"A training step of {recipe}, {arguments.threads} threads",
                  ["side", "ms", "Pumice's speed relative to it", "peak memory, MB"])
    for name, result in results.items():
        ratio = "" if result is ours else speed(*ours.speed_against(result))
        table.add(name, f"{result.median:.2f}", ratio, f"{result.peak / 1e6:.0f}",
                  samples=result.milliseconds)
    return table


def sides(setting, recipe):
    arguments = setting.arguments
    all_sides = {name: setting.ours("bench_recipe_step", "--recipe", recipe, **form)
                 for name, form in setting.forms().items()}
    for name, python in setting.pythons:
        all_sides[name] = setting.peer(python, "recipe_step_torch.py", "--serve", "--device", "cpu",
                                       "--threads", arguments.threads, "--recipes", recipe)
    if recipe in FRAMEWORK_RECIPES:
        all_sides |= framework_sides(setting, recipe)
    return all_sides


def framework_sides(setting, recipe):
    all_sides = {}
    if setting.arguments.tinygrad:
        all_sides["tinygrad"] = setting.peer(setting.arguments.tinygrad, "recipe_step_tinygrad.py",
                                             "--recipe", recipe)
    for backend in setting.arguments.burn_backends if setting.arguments.burn else []:
        all_sides[f"Burn, {backend}"] = command(
            "env", f"RAYON_NUM_THREADS={setting.arguments.threads}", setting.arguments.burn,
            "--recipe", recipe, "--backend", backend)
    return all_sides
