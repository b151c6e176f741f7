"""Sides that work by turns."""

import contextlib
import pathlib
import re
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import interleave  # noqa: E402

WARM_UP_SECONDS = 0.5


def contest(sides, rounds, seconds):
    """sides: {name: command line}. Returns {name: Result}; a side that does not run is left out."""
    with contextlib.ExitStack() as stack:
        running = {}
        for name, line in sides.items():
            try:
                side = stack.enter_context(interleave.Side(line))
                running[name] = Runner(side, seconds)
            except SystemExit as error:
                print(f"  {name}: left out: {error}", file=sys.stderr)
        order = list(running)
        for number in range(rounds):
            start = number % len(order)
            for name in order[start:] + order[:start]:
                running[name].measure()
        return {name: runner.result() for name, runner in running.items()}


class Runner:
    """A side, with as many steps in a block as take the wanted time."""

    def __init__(self, side, seconds):
        self.side = side
        steps = 1
        side.run(1)
        while (took := 1e-3 * side.run(steps) * steps) < min(WARM_UP_SECONDS, seconds):
            steps *= 2
        self.steps = max(1, round(steps * seconds / took))

    def measure(self):
        self.side.measure(self.steps)

    def result(self):
        return Result(self.side.milliseconds, peak_bytes(self.side.process.pid))


class Result:
    def __init__(self, milliseconds, peak):
        self.milliseconds = milliseconds
        self.peak = peak  # bytes of memory

    @property
    def median(self):
        return statistics.median(self.milliseconds)

    def speed_against(self, other):
        """Ratio of medians, then the quartiles of the rounds' ratios."""
        ratios = sorted(theirs / mine for mine, theirs in zip(self.milliseconds, other.milliseconds))
        return other.median / self.median, ratios[len(ratios) // 4], ratios[3 * len(ratios) // 4]


def peak_bytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return 1024 * int(found[1]) if found else None
