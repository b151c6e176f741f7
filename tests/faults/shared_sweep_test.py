"""Processes that share a sweep, one of which is killed: every run is done once, the tables are those of one process.
    shared_sweep_test.py BUILD_FOLDER [SEED]
"""
import collections
import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import runs

RUNS = 6
# As srun starts them: each run trains by itself all the same.
LAUNCHED = {"PMI_SIZE": "3", "PMI_RANK": "1"}
SWEEP = """name = "shared"
recipe = "./vae.toml"
seeds = [1, 2, 3]
[grid]
latent.size = [2, 3]
"""


def setUpModule():
    global place, alone, rng
    place = runs.Workplace(tempfile.mkdtemp(prefix="pumice-shared-"), sys.argv[1])
    recipe = (place.folder / "vae.toml").read_text()
    (place.folder / "vae.toml").write_text(recipe.replace("epochs = 4", "epochs = 2").replace("1e-9", "1e-3"))
    (place.folder / "sweep.toml").write_text(SWEEP)
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else None)
    alone = Sweep(place.folder / "alone")
    alone.seconds = -time.monotonic()
    worker = alone.start()
    assert alone.finish(worker) == 0, worker.errors
    alone.seconds += time.monotonic()


def tearDownModule():
    shutil.rmtree(place.folder)


def children_of(process):
    pids = []
    for folder in os.listdir("/proc"):
        try:
            with open(f"/proc/{folder}/stat") as file:
                if int(file.read().rsplit(")", 1)[1].split()[1]) == process.pid:
                    pids.append(int(folder))
        except (OSError, ValueError):
            continue
    return pids


class Sweep:
    """A sweep's folder, and the processes that work on it."""

    def __init__(self, folder):
        self.folder = folder
        self.ends = collections.Counter()  # how often a run was done

    def start(self, *options, device=("--device", "cpu")):
        words = [place.build / "pumice", "sweep", place.folder / "sweep.toml", "--out", self.folder, *device,
                 "--data", place.folder / "data", "--json", *options]
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=place.environment() | LAUNCHED)

    def finish(self, process):
        out, process.errors = process.communicate()
        process.events = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        for event in process.events:
            if event.get("event") == "run_end" and event.get("state") == "done":
                self.ends[event["run"]] += 1
        return process.returncode

    def kill(self, process, with_children):
        """As if its machine had failed, or as the system does to a process that takes too much memory."""
        children = children_of(process)
        process.kill()
        for child in children if with_children else []:
            os.kill(child, signal.SIGKILL)
        self.finish(process)

    def states(self):
        """Of each run, by its folder."""
        with open(self.folder / "table.csv", newline="") as file:
            states = [row["status"] for row in csv.DictReader(file)]
        plan = json.loads((self.folder / "sweep.json").read_text())
        return dict(zip([run["folder"] for run in plan["runs"]], states))

    def untimed(self, name):
        """A table's text without the seconds."""
        with open(self.folder / name, newline="") as file:
            return [[cell for title, cell in row.items() if title != "seconds"] for row in csv.DictReader(file)]


class SharedSweep(unittest.TestCase):
    def setUp(self):
        self.sweep = Sweep(place.folder / self._testMethodName)

    def expect_as_alone(self):
        self.assertEqual(self.sweep.states(), alone.states())
        self.assertEqual(set(self.sweep.states().values()), {"done"})
        for name in ("table.csv", "seeds.csv"):
            self.assertEqual(self.sweep.untimed(name), alone.untimed(name))
        for run in self.sweep.states():
            self.assertEqual(runs.differences(self.sweep.folder / run, alone.folder / run), [], run)
        self.assertEqual([run for run, count in self.sweep.ends.items() if count > 1], [])

    def test_one_of_three_is_killed(self):
        with_children = rng.random() < 0.5
        workers = [self.sweep.start("--share") for _ in range(3)]
        time.sleep(rng.uniform(0, alone.seconds))
        victim = workers.pop(rng.randrange(3))
        self.sweep.kill(victim, with_children)
        for worker in workers:
            self.assertEqual(self.sweep.finish(worker), 0, worker.errors)
        self.expect_as_alone()

    def test_shares_of_an_array(self):
        workers = [self.sweep.start("--array", f"{i}/3") for i in range(3)]
        for worker in workers:
            self.assertEqual(self.sweep.finish(worker), 0, worker.errors)
            self.assertEqual(worker.events[-1]["runs"], RUNS / 3)
            self.assertEqual(worker.events[-1]["done"], RUNS / 3)
        self.expect_as_alone()

    def test_a_share_continues_what_a_dead_one_began(self):
        victim = self.sweep.start("--array", "0/2")
        begun = []
        while not begun:
            time.sleep(0.01)
            begun = list(self.sweep.folder.glob("*/checkpoint.safetensors"))
        self.sweep.kill(victim, with_children=True)
        worker = self.sweep.start("--array", "1/2")
        self.assertEqual(self.sweep.finish(worker), 0, worker.errors)
        states = self.sweep.states()
        for checkpoint in begun:
            self.assertEqual(states[checkpoint.parent.name], "done")
        self.assertIn("new", states.values())
        again = self.sweep.start("--array", "0/2")
        self.assertEqual(self.sweep.finish(again), 0, again.errors)
        self.expect_as_alone()

    def test_another_process_is_refused_unless_it_shares(self):
        worker = self.sweep.start("--share")
        while not list(self.sweep.folder.glob("*/recipe.toml")):
            time.sleep(0.01)
        stranger = self.sweep.start()
        self.assertEqual(self.sweep.finish(stranger), 1)
        self.assertIn("is in use by process", stranger.errors)
        self.assertEqual(self.sweep.finish(worker), 0, worker.errors)
        self.expect_as_alone()

    def test_one_process_continues_after_the_kill_of_another(self):
        victim = self.sweep.start()
        while not list(self.sweep.folder.glob("*/checkpoint.safetensors")):
            time.sleep(0.01)
        self.sweep.kill(victim, with_children=False)  # its training continues for a while
        worker = self.sweep.start()
        self.assertEqual(self.sweep.finish(worker), 0, worker.errors)
        self.expect_as_alone()

    def test_distributes_runs_to_devices(self):
        worker = self.sweep.start("--devices", "all", device=())
        self.assertEqual(self.sweep.finish(worker), 0, worker.errors)
        self.assertEqual(set(self.sweep.states().values()), {"done"})
        devices = {runs.metadata_of(path)["device"] for path in self.sweep.folder.glob("*/checkpoint.safetensors")}
        self.assertGreater(len(devices), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
