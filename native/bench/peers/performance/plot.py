"""Draws the group "scaling" of a JSON file of this command; needs matplotlib.

    performance scaling --out scaling.json
    performance/plot.py scaling.json scaling.png
"""

import json
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402


def main():
    if len(sys.argv) != 3:
        raise SystemExit("usage: plot.py FILE.json PICTURE.png")
    with open(sys.argv[1], encoding="utf-8") as file:
        tables = json.load(file)["scaling"]
    figure, axes = pyplot.subplots(1, len(tables), figsize=(9, 3.2), constrained_layout=True)
    for axis, table in zip(axes, tables):
        draw(axis, table)
    figure.savefig(sys.argv[2], dpi=100)


def draw(axis, table):
    speed = "GFLOP/s" if "GFLOP/s" in table["columns"] else "images/s"
    at = table["columns"].index(speed)
    sizes = [float(row[0]) for row in table["rows"]]
    axis.plot(sizes, [float(row[at]) for row in table["rows"]], marker="o", markersize=4)
    axis.set_xscale("log", base=2)
    axis.set_ylim(bottom=0)
    axis.set_xticks(sizes, [f"{size:.0f}" for size in sizes], fontsize=7)
    axis.set_xlabel(table["columns"][0])
    axis.set_ylabel(speed)
    axis.set_title(table["title"], fontsize=9)
    axis.grid(alpha=0.3)


if __name__ == "__main__":
    main()
