#!/usr/bin/env python3
"""Kills training runs at random moments and resumes them: each must end as an undisturbed run does.
    kill_test.py BUILD_FOLDER [--kills N] [--seed N] [--verbose]
Every second kill comes after a random time, the others within a random call that changes a file: see
file_faults.cpp. The moments are drawn from the seed; how far a run is after a time, the machine decides.
"""
import argparse
import collections
import random
import signal
import sys
import tempfile
import time

import runs

FAULTS = "libfile_faults.so"


class Undisturbed:
    """A family's run to compare with: its files, how long it takes, and how many calls change files."""

    def __init__(self, place, family):
        self.folder = place.folder / f"{family}-whole"
        count = place.folder / "calls"
        begin = time.monotonic()
        status, errors = place.finish(family, self.folder, LD_PRELOAD=str(place.build / "tests" / FAULTS),
                                      PUMICE_COUNT_CALLS=str(count))
        self.seconds = time.monotonic() - begin
        if status != 0:
            sys.exit(f"kill_test: {family}: {errors}")
        self.calls = int(count.read_text())


class Victim:
    """A family's run that is killed again and again."""

    def __init__(self, place, family, tally):
        self.place, self.family, self.tally = place, family, tally
        self.whole = Undisturbed(place, family)
        self.run = place.folder / family
        self.kills = 0

    def disturb(self, rng, by_time):
        """Begins or resumes the run, and kills it; a run that ends before is compared."""
        begin = time.time()
        if by_time:
            process = self.place.start(self.family, self.run)
            time.sleep(rng.uniform(0, self.whole.seconds))
            process.kill()
        else:
            process = self.place.start(self.family, self.run, LD_PRELOAD=str(self.place.build / "tests" / FAULTS),
                                       PUMICE_KILL_AT=str(rng.randint(1, self.whole.calls)))
        status = self.end_of(process)
        if status == -signal.SIGKILL:
            self.note_kill(by_time, begin, time.time())
        else:
            self.compare()

    def note_kill(self, by_time, begin, end):
        self.kills += 1
        self.tally["kills after a random time" if by_time else "kills within a call"] += 1
        self.tally["kills that left a half-written file"] += len(runs.leftovers(self.run)) > 0
        checkpoint = self.run / "checkpoint.safetensors"
        saved = checkpoint.stat().st_mtime if checkpoint.exists() else 0
        self.tally["kills before the first checkpoint"] += saved == 0
        if by_time and saved > begin:
            self.tally["most milliseconds since the last save"] = max(
                self.tally["most milliseconds since the last save"], round(1000 * (end - saved)))

    def finish(self):
        """Resumes the last time, to the end."""
        if self.run.exists():
            self.end_of(self.place.start(self.family, self.run))
            self.compare()

    def end_of(self, process):
        """Its exit status, 0 also for a run that is resumed when it was killed after its last checkpoint. A newest
        checkpoint that is damaged would be reported."""
        _, errors = process.communicate()
        is_complete = "the run is complete" in errors
        self.check(is_complete or errors == "", errors)
        self.check(is_complete or process.returncode in (0, -signal.SIGKILL), f"ended with {process.returncode}")
        return 0 if is_complete else process.returncode

    def compare(self):
        different = runs.differences(self.run, self.whole.folder)
        self.check(not different, f"differs from an undisturbed run in {', '.join(different)}")
        self.tally["runs compared"] += 1
        # The next kill meets a run that begins.
        self.run.rename(self.run.with_name(f"{self.run.name}-{self.tally['runs compared']}"))

    def check(self, holds, message):
        if not holds:
            sys.exit(f"kill_test: {self.family}, after {self.kills} kills: {message}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="the folder with the program, build/native")
    parser.add_argument("--kills", type=int, default=20, help="in all; default: 20")
    parser.add_argument("--seed", type=int, default=1, help="of the moments; default: 1")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    tally = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="pumice-kill-") as folder:
        place = runs.Workplace(folder, arguments.build)
        victims = [Victim(place, family, tally) for family in runs.RECIPES]
        tries = 0
        while sum(victim.kills for victim in victims) < arguments.kills:
            victims[tries % len(victims)].disturb(rng, by_time=tries // len(victims) % 2 == 0)
            tries += 1
        for victim in victims:
            victim.finish()
            tally[f"kills of {victim.family}"] = victim.kills
    print(f"{arguments.kills} kills, seed {arguments.seed}: every run ended as an undisturbed one")
    for name, count in sorted(tally.items()):
        print(f"  {name}: {count}")


if __name__ == "__main__":
    main()
