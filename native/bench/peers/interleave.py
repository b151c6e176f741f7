#!/usr/bin/env python3
"""Compares the speed of two programs fairly on a noisy machine: blocks of steps, A B A B ...

Each program reads "run N" on stdin, runs N steps, answers with their seconds on one line, and
exits at the end of its input. While one works, the other waits on stdin.

    interleave.py "build/native/bench_recipe_step" \
        "/usr/bin/python3 recipe_step_torch.py --serve --device cpu --recipes vae-mlp-mnist"
"""

import argparse
import contextlib
import json
import shlex
import statistics
import subprocess
import sys
import time

# Thread pools (OpenBLAS, lavapipe) keep spinning for a few milliseconds after their last work.
SETTLE_SECONDS = 0.1


class Side:
    """One of the two programs; a context manager, so that neither is left running."""

    def __init__(self, command):
        self.command = command
        self.milliseconds = []  # per step, one value per round

    def __enter__(self):
        pipe = subprocess.PIPE
        words = shlex.split(self.command)
        try:
            self.process = subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True)
        except OSError as error:
            raise SystemExit(f"{self.command}: {error.strerror}") from None
        return self

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def run(self, steps):
        """Runs a block and returns its milliseconds per step."""
        seconds = self.ask(f"run {steps}")
        time.sleep(SETTLE_SECONDS)
        return 1e3 * seconds / steps

    def ask(self, request):
        answer = ""
        try:
            print(request, file=self.process.stdin, flush=True)
            answer = self.process.stdout.readline()
            return float(answer)
        except (BrokenPipeError, ValueError):
            message = f"{self.command}: expected seconds on stdout, got {answer.strip()!r}"
            raise SystemExit(message) from None

    def measure(self, steps):
        self.milliseconds.append(self.run(steps))


def main():
    arguments = parse_arguments()
    with Side(arguments.a) as a, Side(arguments.b) as b:
        for side in (a, b):
            side.run(arguments.warmup)  # compiles shaders, fills caches, touches memory
        for number in range(1, arguments.rounds + 1):
            a.measure(arguments.steps)
            b.measure(arguments.steps)
            note = f"round {number}: {a.milliseconds[-1]:.3f} {b.milliseconds[-1]:.3f} ms"
            print(note, file=sys.stderr)
        print_summary(summarize(a.milliseconds, b.milliseconds), arguments.json)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("a", help="command line of the first program")
    parser.add_argument("b", help="command line of the second, the measure of the first")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=50, help="steps in a block")
    parser.add_argument("--warmup", type=int, default=20, help="steps before the first round")
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    return parser.parse_args()


def summarize(a, b):
    """Ratios are speeds: 0.5 means that A takes twice the time of B."""
    ratios = sorted(of_b / of_a for of_a, of_b in zip(a, b))
    return {
        "a_ms": statistics.median(a),
        "b_ms": statistics.median(b),
        "speed_of_a": statistics.median(b) / statistics.median(a),
        "speed_of_a_per_round": {
            "minimum": ratios[0],
            "quartile1": ratios[len(ratios) // 4],
            "median": statistics.median(ratios),
            "quartile3": ratios[(3 * len(ratios)) // 4],
            "maximum": ratios[-1],
        },
        "rounds": len(ratios),
    }


def print_summary(summary, as_json):
    if as_json:
        print(json.dumps(summary))
        return
    spread = summary["speed_of_a_per_round"]
    print(f"A: median {summary['a_ms']:.3f} ms a step over {summary['rounds']} rounds")
    print(f"B: median {summary['b_ms']:.3f} ms a step")
    print(f"A runs at {summary['speed_of_a']:.3f} of B's speed; per round "
          + ", ".join(f"{name} {value:.3f}" for name, value in spread.items()))


if __name__ == "__main__":
    main()
