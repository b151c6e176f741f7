"""The report that `pumice train --watch` serves while it trains:
    watch_test.py BUILD_FOLDER
"""
import contextlib
import http.client
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "faults"))
import runs  # noqa: E402

BUILD = sys.argv.pop(1)


class WatchTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="pumice-watch-")
        self.addCleanup(shutil.rmtree, folder)
        self.place = runs.Workplace(folder, BUILD)

    def start(self, *words):
        process = subprocess.Popen(
            [self.place.build / "pumice", "train", self.place.folder / "vae.toml", "--data", self.place.folder / "data",
             "--device", "cpu", "--json", "--watch", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.place.environment())
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "watch":
                return process, re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", event["url"])[1]
        self.fail(process.stderr.read())

    def get(self, port, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def data(self, page):
        return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])

    def test_follows_a_run_to_its_end(self):
        run = self.place.folder / "run"
        process, port = self.start("--out", run, "--epochs", "40")
        first = self.data(self.get(port, "/")[1])
        self.assertEqual([each["name"] for each in first["runs"]], ["run"])

        def state(tab, shown):
            return self.get(port, f"/state/{tab}/{urllib.parse.quote(shown)}")[1]

        while state("a", first["live"]) == first["live"]:
            self.assertIsNone(process.poll(), "the run ended, and the state was the same")
        self.assertEqual(self.get(port, "/run/checkpoint.safetensors")[0], 404)
        self.assertEqual(self.get(port, "/", Host="evil.example")[0], 403)
        while not (run / "report.html").exists():
            for tab in ("a", "b"):
                state(tab, first["live"])
            time.sleep(0.02)
        # The process waits for all pages that are open.
        for tab in ("a", "b"):
            last = self.data(self.get(port, "/")[1])
            self.assertEqual(last["runs"][0]["epochs"], 40)
            time.sleep(0.3)
            self.assertIsNone(process.poll(), f"it has not waited for tab {tab}")
            state(tab, last["live"])
        self.assertEqual(process.wait(), 0)
        self.assertNotIn('"live"', (run / "report.html").read_text())

    def test_shows_runs_side_by_side_at_any_free_port(self):
        process, port = self.start("--seeds", "1,2", "--out", self.place.folder / "seeds", "--epochs", "400")
        other, other_port = self.start("--out", self.place.folder / "other", "--epochs", "400")
        self.assertNotEqual(port, other_port)
        names = [each["name"] for each in self.data(self.get(port, "/")[1])["runs"]]
        self.assertEqual(names, ["seed-1", "seed-2"])
        for each in (process, other):
            each.terminate()
            self.assertEqual(each.wait(), 143)


if __name__ == "__main__":
    unittest.main()
