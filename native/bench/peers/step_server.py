"""The peers' side of interleave.py, and a check that their steps train."""

import pathlib
import sys
import time

CHECKED_STEPS = 50


def serve(run_steps, clock=time.perf_counter):
    """"run N" on stdin calls run_steps(N), which returns when all is computed; answers with the clock's seconds."""
    for line in sys.stdin:
        count = steps_of(line)
        begin = clock()
        run_steps(count)
        print(f"{clock() - begin:.6f}", flush=True)


def steps_of(line):
    words = line.split()
    if len(words) != 2 or words[0] != "run" or not words[1].isdigit():
        stop(f"expected 'run N', got {line.strip()!r}")
    return int(words[1])


def check(step):
    """Prints the loss of some steps, which step() returns, on the same batch: it has to fall."""
    losses = [float(step()) for _ in range(CHECKED_STEPS)]
    print(" ".join(f"{loss:.4f}" for loss in losses))
    if not losses[-1] < losses[0]:
        stop(f"expected the loss to fall, got {losses[0]:.4f} to {losses[-1]:.4f}")


def stop(message):
    raise SystemExit(f"{pathlib.Path(sys.argv[0]).stem}: {message}")
