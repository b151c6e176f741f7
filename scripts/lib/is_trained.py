#!/usr/bin/env python3
"""Whether a run has reached the epochs of its recipe.

usage: is_trained.py RUN
"""
import json
import pathlib
import sys
import tomllib

run = pathlib.Path(sys.argv[1])
planned = tomllib.loads((run / "recipe.toml").read_text())["train"]["epochs"]
epochs = [json.loads(line)["epoch"] for line in (run / "metrics.jsonl").read_text().splitlines()]
sys.exit(0 if epochs and epochs[-1] >= planned else 1)
