"""What happens to a training run around it: a full disk, withdrawn permissions, short data, signals, a second process.
    faults_test.py BUILD_FOLDER
Every run must say what happened in one line, keep a valid checkpoint, and end as an undisturbed one when resumed.
"""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import runs

FAMILY = "vae"


def setUpModule():
    global place, whole
    place = runs.Workplace(tempfile.mkdtemp(prefix="pumice-faults-"), sys.argv[1])
    recipe = place.folder / f"{FAMILY}.toml"
    recipe.write_text(recipe.read_text().replace("epochs = 4", "epochs = 12"))
    whole = place.folder / "whole"
    status, errors = place.finish(FAMILY, whole)
    assert status == 0, errors


def tearDownModule():
    shutil.rmtree(place.folder)


def stop_when_saved(process, run):
    """Suspends the process once it has saved; what is changed then, it meets at its next step."""
    while not (run / "checkpoint.safetensors").exists() and process.poll() is None:
        time.sleep(0.001)
    process.send_signal(signal.SIGSTOP)


class Faults(unittest.TestCase):
    def setUp(self):
        self.run_folder = place.folder / self._testMethodName

    def start(self, **more):
        process = subprocess.Popen(place.command(FAMILY, self.run_folder), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=place.environment(), **more)
        stop_when_saved(process, self.run_folder)
        self.assertIsNone(process.poll(), "the run ended before it could be disturbed")
        return process

    def resume(self, process):
        process.send_signal(signal.SIGCONT)
        _, errors = process.communicate()
        return process.returncode, errors

    def expect_one_line(self, errors, *parts):
        self.assertEqual(errors.count("\n"), 1, errors)
        for part in ("pumice: ", *parts):
            self.assertIn(part, errors)

    def expect_resumes(self):
        """The resumed run ends as the undisturbed one, and nothing half written is left."""
        self.assertGreater(runs.saved_step(self.run_folder), 0)
        status, errors = place.finish(FAMILY, self.run_folder)
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(runs.differences(self.run_folder, whole), [])
        self.assertEqual(runs.leftovers(self.run_folder), [])

    def test_full_disk(self):
        disk = place.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8M", "tmpfs", disk], stderr=subprocess.DEVNULL)
        if mounted.returncode != 0:
            self.skipTest("mounting a small tmpfs needs root")
        self.addCleanup(subprocess.run, ["umount", "--lazy", disk])
        self.run_folder = disk / "run"
        process = self.start()
        filler = disk / "filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        status, errors = self.resume(process)
        self.assertEqual(status, 1)
        self.expect_one_line(errors, "No space left on device", str(self.run_folder))
        self.assertEqual(runs.leftovers(self.run_folder), [])
        filler.unlink()
        self.expect_resumes()

    def test_withdrawn_permissions(self):
        more = {}
        if os.getuid() == 0:  # whom permissions do not stop
            nobody = pwd.getpwnam("nobody")
            more = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chmod(place.folder, 0o755)
            for folder in (self.run_folder, place.folder / "cache"):
                folder.mkdir(exist_ok=True)
                for path in (folder, *folder.rglob("*")):
                    os.chown(path, nobody.pw_uid, nobody.pw_gid)
            try:
                subprocess.run([place.build / "pumice", "--version"], check=True, capture_output=True, **more)
            except OSError as error:
                self.skipTest(f"nobody may not start the program: {error}")
        process = self.start(**more)
        os.chmod(self.run_folder, 0o555)
        status, errors = self.resume(process)
        os.chmod(self.run_folder, 0o755)
        self.assertEqual(status, 1)
        self.expect_one_line(errors, "Permission denied", str(self.run_folder))
        self.expect_resumes()

    def test_data_cut_short(self):
        images = place.folder / "data/train-images-idx3-ubyte"
        content = images.read_bytes()
        process = self.start()
        images.write_bytes(content[:len(content) // 2])
        process.send_signal(signal.SIGTERM)
        status, errors = self.resume(process)
        self.assertEqual((status, errors), (128 + signal.SIGTERM, ""))
        before = (self.run_folder / "checkpoint.safetensors").read_bytes()
        status, errors = place.finish(FAMILY, self.run_folder)
        images.write_bytes(content)
        self.assertEqual(status, 1)
        self.expect_one_line(errors, str(images), "truncated")
        self.assertEqual((self.run_folder / "checkpoint.safetensors").read_bytes(), before)
        self.expect_resumes()

    def test_signals(self):
        for sent in ([signal.SIGHUP], [signal.SIGTERM], [signal.SIGINT], [signal.SIGINT, signal.SIGINT]):
            process = self.start() if not self.run_folder.exists() else self.resume_and_stop()
            for each in sent:
                process.send_signal(each)
            status, errors = self.resume(process)
            self.assertEqual((status, errors), (128 + sent[0], ""))
        self.expect_resumes()

    def resume_and_stop(self):
        """The same once the resumed run has saved again."""
        step = runs.saved_step(self.run_folder)
        process = place.start(FAMILY, self.run_folder)
        while runs.saved_step(self.run_folder) == step and process.poll() is None:
            time.sleep(0.001)
        process.send_signal(signal.SIGSTOP)
        self.assertIsNone(process.poll(), "the run ended before it could be disturbed")
        return process

    def test_two_processes(self):
        process = self.start()
        status, errors = place.finish(FAMILY, self.run_folder)
        self.assertEqual(status, 1)
        self.expect_one_line(errors, f"{self.run_folder} is in use by process {process.pid}")
        status, errors = self.resume(process)
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(runs.differences(self.run_folder, whole), [])


if __name__ == "__main__":
    if len(sys.argv) < 2 or not pathlib.Path(sys.argv[1], "pumice").exists():
        sys.exit(__doc__)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
