"""Compares Pumice's speed with its peers', all in alternation, and prints tables in Markdown.

    python3 native/bench/peers/performance --python /usr/bin/python3 --python ~/torch/bin/python

Run nothing else meanwhile. Peers that are not there are left out, and named on the standard error.
"""

import argparse
import json
import pathlib
import sys

import first_steps
import layers
import losses
import products
import scaling
import steps
from setting import Setting, peers_folder

GROUPS = {
    "steps": steps.tables,
    "layers": layers.tables,
    "products": products.tables,
    "losses": losses.tables,
    "scaling": scaling.tables,
    "first": first_steps.tables,
}


def main():
    arguments = parse_arguments()
    setting = Setting(arguments)
    results = {}
    for name in arguments.groups:
        print(f"{name}:", file=sys.stderr, flush=True)
        for table in GROUPS[name](setting):
            print(f"\n{table.markdown()}", flush=True)
            results.setdefault(name, []).append(table.values())
            if arguments.out:  # after each table: a comparison takes long
                arguments.out.write_text(json.dumps(results, indent=1) + "\n")


def parse_arguments():
    repository = peers_folder().parents[2]
    parser = argparse.ArgumentParser(prog="performance", description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="*", metavar="GROUP", default=list(GROUPS),
                        help=f"of {', '.join(GROUPS)}; default: all")
    parser.add_argument("--build", type=pathlib.Path, default=repository / "build/native",
                        help="folder with bench_recipe_step, …")
    parser.add_argument("--python", action="append", default=[],
                        help="a Python with PyTorch; may be repeated")
    parser.add_argument("--tinygrad", help="a Python with tinygrad")
    parser.add_argument("--burn", help="the program of burn/")
    parser.add_argument("--burn-backends", nargs="+", default=["flex"], help="of that program")
    parser.add_argument("--recipes", nargs="+", help="default: those of the peers")
    parser.add_argument("--device", default="cpu", help="Pumice's; 'cpu' also in its other forms")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.7, help="of a side in a round, about")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=pathlib.Path, help="all samples as JSON")
    arguments = parser.parse_args()
    unknown = set(arguments.groups) - set(GROUPS)
    if unknown:
        parser.error(f"expected groups of {', '.join(GROUPS)}, got {', '.join(sorted(unknown))}")
    return arguments


if __name__ == "__main__":
    main()
