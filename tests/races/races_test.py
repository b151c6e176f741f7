"""The program in a build with the thread sanitizer (preset tsan), which reports into a folder: that has to stay empty.
    races_test.py BUILD_FOLDER
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path += [str(pathlib.Path(__file__).parents[1] / folder) for folder in ("faults", "serving")]
import runs  # noqa: E402
from load import Load  # noqa: E402
from served import PROGRAM, Served  # noqa: E402

CLASSIFIER = """name = "classifier"
model = "classifier"
[data]
name = "mnist"
[train]
epochs = 2
batch = 16
[classifier]
layers = [ { type = "linear", out = 16, activation = "relu" } ]
"""
SWEEP = """name = "sizes"
recipe = "./vae.toml"
seeds = [1, 2]
[grid]
latent.size = [2, 3]
"""


def setUpModule():
    global place, reports
    place = runs.Workplace(tempfile.mkdtemp(prefix="pumice-races-"), sys.argv[1])
    runs.write_data(place.folder / "data", train=256, test=128)
    for name, text in {"classifier": CLASSIFIER, "sweep": SWEEP}.items():
        (place.folder / f"{name}.toml").write_text(text)
    reports = place.folder / "reports"
    reports.mkdir()
    os.environ |= {"TSAN_OPTIONS": f"halt_on_error=0:log_path={reports}/race", "PUMICE_CPU_THREADS": "4",
                   "XDG_CACHE_HOME": str(place.folder / "cache")}
    run("train", place.folder / "vae.toml", "--out", place.folder / "vae")
    run("train", place.folder / "classifier.toml", "--out", place.folder / "classifier")


def tearDownModule():
    shutil.rmtree(place.folder)


def start(command, *words):
    options = [] if command == "export" else ["--device", "cpu"]
    if "--devices" in words:
        options = []
    return subprocess.Popen([place.build / "pumice", command, *words, "--data", place.folder / "data", *options],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def end(process):
    output, _ = process.communicate()
    assert process.returncode == 0, f"{process.args}: {output}"


def run(command, *words):
    end(start(command, *words))


class RacesTest(unittest.TestCase):
    def tearDown(self):
        for report in reports.iterdir():
            self.fail(report.read_text()[:6000])

    def test_training(self):
        """setUpModule() has trained."""

    def test_training_several_together(self):
        run("train", place.folder / "dcgan.toml", "--seeds", "1,2,3", "--out", place.folder / "seeds")

    def test_evaluation(self):
        run("evaluate", place.folder / "vae", "--extractor", place.folder / "classifier", "--samples", "128",
            "--out", place.folder / "evaluation.json")

    def test_maps(self):
        run("export", place.folder / "vae", "--web", "-o", place.folder / "web.safetensors")

    def test_a_sweep_of_several_processes(self):
        run("sweep", place.folder / "sweep.toml", "--devices", "cpu", "--jobs", "2", "--out", place.folder / "alone")
        shared = [start("sweep", place.folder / "sweep.toml", "--share", "--together", "2", "--out",
                        place.folder / "shared") for _ in range(2)]
        for process in shared:
            end(process)

    def test_serving_a_model_that_is_trained(self):
        served = Served(place.build)
        self.addCleanup(served.close)
        with Load(served.port, 100, "/pumice.wasm", PROGRAM) as load:
            for epochs in ("5", "6"):
                run("train", "--resume", place.folder / "vae", "--epochs", epochs)
                shutil.copy(place.folder / "vae" / "checkpoint.safetensors", served.folder / "new")
                (served.folder / "new").rename(served.model)
                for path in ("/", "/models/index.json", "/models/0.safetensors", "/none", "/../x"):
                    served.get(path)
                    served.get(path, {"Range": "bytes=3-9", "Accept-Encoding": "gzip"})
        self.assertEqual(load.failures[:3], [])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
