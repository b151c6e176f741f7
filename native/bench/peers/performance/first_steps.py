"""From the start of the program to the end of the first step, with empty and with full caches."""

import os
import shlex
import subprocess
import tempfile
import time

from steps import RECIPES
from table import Table


def tables(setting):
    devices = ["cpu", "lavapipe"] if setting.arguments.device == "cpu" else [setting.arguments.device]
    table = Table("Seconds until the first step has ended", ["recipe", "device", "cold", "warm"])
    for recipe in setting.arguments.recipes or RECIPES:
        for device in devices:
            with tempfile.TemporaryDirectory() as cache:
                seconds = [seconds_of(setting, recipe, device, cache) for _ in range(2)]
            table.add(recipe, device, *(f"{value:.2f}" for value in seconds))
    yield table


def seconds_of(setting, recipe, device, cache):
    """The driver's and our caches are in `cache`."""
    line = setting.ours("bench_recipe_step", "--recipe", recipe, "--losses", 1, device=device)
    variables = os.environ | {"XDG_CACHE_HOME": cache}
    begin = time.perf_counter()
    subprocess.run(shlex.split(line), check=True, capture_output=True, env=variables)
    return time.perf_counter() - begin
