#!/usr/bin/env python3
"""Runs that several ranks train together, under mpirun, compared with those of one process.
    ranks_test.py BUILD_FOLDER [TEST...]
Without mpirun, or in a build without MPI, only the tests that need neither run.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "faults"))
import runs  # noqa: E402

# mpirun's defaults are for machines with a core for each rank, and users other than root.
MPI = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
       "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
       "OMPI_MCA_btl_vader_single_copy_mechanism": "none"}
# A Wasserstein critic's level has no gradient but rounding errors, which Adam takes as seriously as any other.
LEVEL = "train_g_loss"


def setUpModule():
    global place, has_mpi
    place = runs.Workplace(tempfile.mkdtemp(prefix="pumice-ranks-"), sys.argv[1])
    for family in runs.RECIPES:
        recipe = place.folder / f"{family}.toml"
        recipe.write_text(recipe.read_text().replace("epochs = 4", "epochs = 2").replace("1e-9", "1e-3"))
    has_mpi = shutil.which("mpirun") is not None and "without MPI" not in finish(1, "x.toml", PMI_SIZE="2")[2]


def tearDownModule():
    shutil.rmtree(place.folder)


def start(ranks, *words, device="cpu", **environment):
    """`pumice train` on ranks, or, for 0, without mpirun."""
    launcher = ["mpirun", "--quiet", "-n", str(ranks)] if ranks > 0 and not environment else []
    command = [*launcher, place.build / "pumice", "train", *words, "--data", place.folder / "data", "--device", device,
               "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=place.environment() | MPI | environment)


def finish(ranks, *words, **more):
    """(exit status, stdout, stderr)"""
    process = start(ranks, *words, **more)
    out, errors = process.communicate()
    return process.returncode, out, errors


def saved(run):
    return (run / "checkpoint.safetensors").read_bytes()


def numbers(run):
    rows = runs.untimed_rows(run / "metrics.csv")
    return [{key: float(value) for key, value in row.items()} for row in rows]


def ranks_of(mpirun):
    """The processes that it started, by rank."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            variables = (folder / "environ").read_text().split("\0")
        except OSError:
            continue
        for variable in variables:
            name, _, value = variable.partition("=")
            if parent == mpirun.pid and name == "OMPI_COMM_WORLD_RANK":
                found[int(value)] = int(folder.name)
    return found


class Ranks(unittest.TestCase):
    def setUp(self):
        if not has_mpi:
            self.skipTest("mpirun (Debian: openmpi-bin) or MPI in this build is missing")

    def run_of(self, ranks, family="vae", *words, name=None, **more):
        run = place.folder / (name or f"{self._testMethodName}-{family}-{ranks}")
        status, _, errors = finish(ranks, place.folder / f"{family}.toml", "--out", run, "--force", *words, **more)
        self.assertEqual(status, 0, errors)
        return run

    def expect_near(self, run, whole, tolerance=1e-5):
        for found, expected in zip(numbers(run), numbers(whole), strict=True):
            for key, value in (item for item in expected.items() if item[0] != LEVEL):
                self.assertAlmostEqual(found[key], value, delta=tolerance * max(1, abs(value)), msg=key)

    def expect_error(self, errors, text):
        lines = [line for line in errors.splitlines() if line.startswith("pumice: ") and " ranks on " not in line]
        self.assertEqual(len(lines), 1, errors)
        self.assertIn(text, lines[0])

    def test_one_rank_gives_the_bytes_of_a_process_alone(self):
        self.assertEqual(runs.differences(self.run_of(1), self.run_of(0)), [])

    def test_ranks_give_what_one_gives(self):
        for family, ranks in (("vae", 2), ("vae", 3), ("vae", 4), ("wgan-gp", 2), ("flow", 2)):
            with self.subTest(family=family, ranks=ranks):
                tolerance = 1e-4 if family == "wgan-gp" else 1e-5  # differences of scores
                self.expect_near(self.run_of(ranks, family), self.run_of(0, family), tolerance)

    def test_batch_norm_of_all_ranks(self):
        words = ["--set", "train.sync_batch_norm=true"]
        self.expect_near(self.run_of(2, "dcgan", *words), self.run_of(0, "dcgan"), 1e-3)

    def test_the_same_ranks_give_the_same_bytes(self):
        for family in ("wgan-gp", "dcgan"):
            with self.subTest(family=family):
                first = self.run_of(2, family)
                self.assertEqual(runs.differences(self.run_of(2, family, name="again"), first), [])

    def test_shards_give_the_same_bytes_on_any_number_of_ranks(self):
        words = ["--set", "train.shards=4"]
        for family in ("vae", "wgan-gp", "dcgan", "flow"):
            alone = self.run_of(0, family, *words)
            for ranks in (2, 4):
                with self.subTest(family=family, ranks=ranks):
                    self.assertEqual(runs.differences(self.run_of(ranks, family, *words), alone), [])

    def test_shards_resume_exactly_on_any_number_of_ranks(self):
        words = ["--set", "train.shards=4"]
        run = self.run_of(4, "dcgan", *words, "--epochs", "1")
        for ranks, epochs in ((2, "2"), (0, "3")):
            status, _, errors = finish(ranks, "--resume", run, "--epochs", epochs)
            self.assertEqual(status, 0, errors)
        self.assertEqual(runs.differences(run, self.run_of(0, "dcgan", *words, "--epochs", "3", name="whole")), [])

    def test_only_one_rank_writes(self):
        alone, together = self.run_of(0), self.run_of(3)
        names = [{path.name for path in run.rglob("*") if not path.name.startswith("events.")}
                 for run in (alone, together)]
        self.assertEqual(names[0], names[1])
        self.assertEqual(len(list(together.rglob("events.*"))), len(list(alone.rglob("events.*"))))

    def test_mixed_devices(self):
        listed = subprocess.run([place.build / "pumice", "devices"], capture_output=True, text=True).stdout
        devices = ["cpu"] + [name for name in ("llvmpipe", "SwiftShader") if name in listed]
        if len(devices) < 2:
            self.skipTest("there is only one kind of device")
        run = self.run_of(len(devices), "vae", device=",".join(devices))
        self.expect_near(run, self.run_of(0), 1e-4)

    def test_steps_of_their_own(self):
        words = ["--set", "train.sync_every=5"]
        first = self.run_of(3, "vae", *words)
        self.assertEqual(runs.differences(self.run_of(3, "vae", *words, name="again"), first), [])
        self.assertNotEqual(saved(first), saved(self.run_of(3, name="each-step")))
        self.expect_near(first, self.run_of(0), 0.2)

    def slow_run(self, ranks):
        """A run that is within its first epoch, and has saved."""
        runs.write_data(place.folder / "data", train=16 * 1200)  # seconds, however late this process notices
        self.addCleanup(runs.write_data, place.folder / "data")
        run = place.folder / self._testMethodName
        process = start(ranks, place.folder / "vae.toml", "--out", run)
        while not (run / "checkpoint.safetensors").exists() and process.poll() is None:
            time.sleep(0.01)
        self.assertIsNone(process.poll(), "the run ended before it could be disturbed")
        return process, run

    def resume(self, ranks, run):
        status, _, errors = finish(ranks, "--resume", run)
        self.assertEqual(status, 0, errors)

    def test_a_signal_to_one_rank_stops_all_at_the_same_step(self):
        for sent, rank in ((signal.SIGTERM, 1), (signal.SIGINT, 0)):
            with self.subTest(signal=sent, rank=rank):
                process, run = self.slow_run(2)
                os.kill(ranks_of(process)[rank], sent)
                out, errors = process.communicate()
                self.assertNotEqual(process.returncode, 0)
                end = json.loads(out.splitlines()[-1])
                self.assertEqual((end["event"], end["step"]), ("end", runs.saved_step(run)))
                self.assertIn("mpirun -n 2 pumice train --resume", end["resume"])
                self.resume(2, run)
                self.assertEqual(runs.differences(run, self.run_of(2)), [])
                shutil.rmtree(run)

    def test_a_dead_rank_ends_the_run_which_others_resume(self):
        process, run = self.slow_run(2)
        os.kill(ranks_of(process)[1], signal.SIGKILL)
        process.communicate()
        self.assertNotEqual(process.returncode, 0)
        self.assertEqual(ranks_of(process), {})
        self.resume(3, run)
        self.expect_near(run, self.run_of(0))
        self.assertEqual(runs.leftovers(run), [])

    def test_ranks_of_different_runs_write_nothing(self):
        run = place.folder / self._testMethodName
        words = [place.build / "pumice", "train", place.folder / "vae.toml", "--out", run, "--data",
                 place.folder / "data", "--device", "cpu"]
        ended = subprocess.run(["mpirun", "--quiet", "-n", "1", *words, ":", "-n", "1", *words, "--epochs", "9"],
                               env=place.environment() | MPI, capture_output=True, text=True)
        self.assertNotEqual(ended.returncode, 0)
        self.expect_error(ended.stderr, "rank 1 has another recipe")
        self.assertFalse(run.exists())

    def test_a_bad_number_stops_all(self):
        run = place.folder / self._testMethodName
        status, _, errors = finish(2, place.folder / "vae.toml", "--out", run, "--set", "optimizer.learning_rate=1e9")
        self.assertNotEqual(status, 0)
        self.expect_error(errors, " is not finite; first in ")

    def test_errors_are_one_line(self):
        run = place.folder / self._testMethodName
        recipe = place.folder / "vae.toml"
        other = pathlib.Path(shutil.copytree(place.folder / "data", place.folder / "foreign", dirs_exist_ok=True))
        (other / "notes.txt").write_text("not a run's")
        for words, expected in (
                ([recipe, "--out", run, "--batch", "1"], "vae: expected a batch of at least 2 images, one for each "
                                                         "rank, got 1"),
                ([recipe, "--out", run, "--set", "train.sync_every=0"], "train.sync_every"),
                ([recipe, "--out", run, "--set", "train.sync_every=2", "--set", "train.sync_batch_norm=true"],
                 "vae: sync_batch_norm needs ranks that meet at every step: expected sync_every = 1, got 2"),
                ([recipe, "--out", run, "--set", "train.shards=3"],
                 "vae: expected shards that are a multiple of the 2 ranks, got 3"),
                ([recipe, "--out", run, "--set", "train.shards=4", "--batch", "18"],
                 "vae: expected a batch that 4 shards divide, got 18 images"),
                ([recipe, "--out", other], "foreign"),
                ([recipe, "--seeds", "1,2"], "2 ranks train one run together, got 2"),
                (["--resume", run], str(run))):
            with self.subTest(words=words):
                status, _, errors = finish(2, *words)
                self.assertNotEqual(status, 0)
                self.expect_error(errors, expected)
                self.assertFalse(run.exists())

    def test_a_list_of_devices_has_one_for_each_rank(self):
        status, _, errors = finish(2, place.folder / "vae.toml", device="cpu,cpu,cpu")
        self.assertNotEqual(status, 0)
        self.expect_error(errors, "--device: expected one device, or 2, one for each rank, got 3")


class Launchers(unittest.TestCase):
    """Each process of another MPI's launcher would train alone."""

    def test_another_launcher_is_refused(self):
        for variable in ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE"):
            with self.subTest(variable=variable):
                run = place.folder / "refused"
                status, _, errors = finish(0, place.folder / "vae.toml", "--out", run, **{variable: "2"})
                self.assertEqual(status, 1)
                self.assertEqual(errors.count("\n"), 1, errors)
                self.assertIn(f"pumice: train: {variable} = 2 says that 2 processes train together, but ", errors)
                self.assertFalse(run.exists())

    def test_a_process_that_is_not_the_first_says_so_too(self):
        # It may be the only one, as in a shell within a job.
        status, _, errors = finish(0, place.folder / "vae.toml", PMI_SIZE="2", PMI_RANK="1")
        self.assertEqual(status, 1)
        self.assertEqual(errors.count("\n"), 1, errors)
        self.assertIn("says that 2 processes train together, but ", errors)

    def test_processes_may_train_alone(self):
        run = place.folder / "alone"
        status, _, errors = finish(0, place.folder / "vae.toml", "--out", run, PMI_SIZE="2", PUMICE_ALONE="1")
        self.assertEqual((status, errors), (0, ""))


if __name__ == "__main__":
    if len(sys.argv) < 2 or not pathlib.Path(sys.argv[1], "pumice").exists():
        sys.exit(__doc__)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
