"""Runs every command of the documents and of `pumice … --help`, on tiny data:
    documents_test.py BUILD_FOLDER
"""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import document_commands
from document_sandbox import REPOSITORY, SECONDS, Sandbox

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "native/bench/README.md", "web/README.md", "scripts/README.md",
             "engine/README.md", "tests/README.md", "shaders/README.md",
             *(str(path.relative_to(REPOSITORY)) for path in sorted((REPOSITORY / "docs").rglob("*.md")))]

# Placeholders in documents, and the words that replace them in tests.
# A class of the sandbox's model, which is of digits.
PLACEHOLDERS = {"NAME": "7", "cat": "7", "RECIPE": "recipe.toml", "KEY=VALUE": "train.epochs=1"}

# Options that are added or replaced to make commands small enough for a test.
SMALLER = {
    r"\S*pumice train (?!--resume)": {"--epochs": "1", "--batch": "16", "--set": "evaluate.extractor=classes"},
    r"\S*pumice train --resume": {"--epochs": "2"},
    r"\S*pumice evaluate ": {"--extractor": "classes", "--samples": "40", "--repeats": "1", "--neighbours": "30",
                            "--likelihood-samples": "3", "--likelihood-images": "5"},
    r"\S*pumice sweep (sweep|report)-": {"--dry-run": None},
    r"\S*pumice bench( |$)(?!--compare)": {"--seconds": "0.2", "--workload": "vae-mlp-mnist"},
    r"\S*pumice bench --recipes": {"--recipe": "vae-mlp-mnist"},
    r"\S*pumice bench --recipe gan-conv-mnist": {"--recipe": "classifier-mnist"},
    r"\S*pumice serve ": {"--site": "site", "--port": "0"},
    r"\./interleave.py ": {"--rounds": "2", "--steps": "1", "--warmup": "1"},
    r"\S*bench_conv ": {"--batch": "2"},
    r"\S*bench_layer_step ": {"--shape": "4,28,28"},
}

# Commands that no test runs, by how they begin, and why; their files, options and presets are checked.
NOT_RUN = {
    "scripts/demo": "takes minutes",
    "scripts/drivers": "fetches another driver",
    "scripts/test": "would run itself",
    "scripts/setup --": "installs packages",
    "PUMICE_TEST_DEVICES=lavapipe build/native/pumice_tests": "is the program of tests",
    "build/native/pumice_tests": "is the program of tests",
    "scripts/kit": "takes minutes; see kit_test.sh",
    "tests/faults/kill_test.py": "takes minutes; tests run its short form",
    "kit/run": "needs the kit; see kit_test.sh",
    "scripts/site ": "takes minutes, and needs the page; see site_test.py",
    "scripts/lint": "looks at the sources alone",
    "scripts/extractors": "takes 20 minutes; see frozen_extractor_test.cpp",
    "scripts/fuzz": "takes minutes; see tests/fuzz/replay_test.cpp",
    "ctest --preset": "would run itself",
    "cmake --preset debug": "builds everything",
    "cmake --preset web-safe": "needs Emscripten",
    "cmake --build --preset": "builds everything",
    "cmake --build build/native --target docs": "needs Doxygen",
    "sudo apt-get install": "installs packages",
    "wget https://github.com": "needs the network",
    "mpirun -n": "needs an MPI; see tests/ranks",
    "srun pumice sweep": "needs Slurm; see tests/faults/shared_sweep_test.py",
    "parallel --sshlogin": "needs GNU parallel; see tests/faults/shared_sweep_test.py",
    "cmake --workflow --preset": "builds everything",
    "cmake --preset web -B": "needs Emscripten",
    "PUMICE_MODELS=\"runs/a;runs/b\" cmake --install build/web": "needs the page; see install_models_test.sh",
    "cmake --install build/web": "needs the page; see install_models_test.sh",
    "cmake --install build/native --prefix PREFIX": "see tests/install/example_test.sh",
    "node ": "needs the page and a browser; see tests/web",
    "web/bench/run": "needs the page and a browser",
    "tensorboard --logdir": "no program of ours; see tests/native/tensorboard_test.cpp",
    "/usr/bin/python3 vae_mlp_torch.py": "needs PyTorch",
    "python3 -m venv": "prepares the next ones",
    "~/tinygrad/bin/pip install": "needs the network",
    "DEV=": "needs tinygrad",
    "RUSTFLAGS=": "needs Rust and the network",
    "RAYON_NUM_THREADS=2 ../../../build/burn/": "needs Burn",
    "/usr/bin/python3 recipe_step_torch.py": "needs PyTorch",
    "python3 performance": "takes half an hour, and needs PyTorch",
    "python3 native/bench/peers/performance": "takes half an hour, and needs PyTorch",
    "scripts/convert_inception.py": "needs PyTorch; see convert_inception_test.py",
    "pumice evaluate runs/imagenette": "trains a classifier; see evaluate_classifier_test.cpp",
    "pumice evaluate RUN --extractor inception:": "needs 95 MB of weights; see inception_file_test.cpp",
}

# How commands begin that only prepare the next ones.
SETTING = re.compile(r"(cd|export) |\w+=(\"[^\"]*\"|\S*)$")
RUN_HERE = re.compile(r"(pumice|\S*/pumice|\./interleave\.py|\S*/bench_\w+) ?")

SIGNATURES = {".png": b"\x89PNG", ".apng": b"\x89PNG", ".gif": b"GIF89a", ".html": b"<!doctype html>"}


def reason_not_to_run(command):
    return next((why for begin, why in NOT_RUN.items() if command.startswith(begin)), None)


def made_smaller(words):
    line = " ".join(words)
    for pattern, options in SMALLER.items():
        if re.match(pattern, line):
            for option, value in options.items():
                words = with_option(words, option, value)
    return words


def with_option(words, option, value):
    """Replaces the option's value, or adds the option; --set may stand several times."""
    if option in words and option != "--set":
        at = words.index(option)
        return words[:at + 1] + [value] + words[at + 2:] if value else words
    return words + [option] + ([value] if value else [])


class DocumentsTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="pumice-documents-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.sandbox = Sandbox(cls.folder.name, BUILD)
        cls.commands = {name: document_commands.commands_of((REPOSITORY / name).read_text()) for name in DOCUMENTS}

    def test_documents(self):
        for name, commands in self.commands.items():
            self.follow(name, commands)

    def test_recipes_are_in_the_tables(self):
        for name in ("README.md", "docs/zoo.md"):
            text = (REPOSITORY / name).read_text()
            missing = [file.stem for file in sorted((REPOSITORY / "native/recipes").glob("*.toml"))
                       if not re.search(rf"^\|.*`{file.stem}`", text, re.MULTILINE)]
            self.assertEqual(missing, [], f"{name}: expected each recipe in a table")

    def test_help(self):
        for words in self.programs():
            result = self.run_words(["pumice", *words, "--help"])
            name = " ".join(["pumice", *words, "--help"])
            examples = document_commands.help_commands(result.stdout)
            if words != ["data", "fetch"]:  # the example is its parent's
                self.assertTrue(examples, f"{name}: expected an example")
            self.follow(name, examples)

    def test_code_says_its_language(self):
        for name in DOCUMENTS:
            blocks = document_commands.unmarked_blocks((REPOSITORY / name).read_text())
            self.assertEqual(blocks, [], f"{name}: expected commands in ```sh blocks")

    def test_list_of_commands_not_run_is_short(self):
        """Entries that no document has any more are removed from the list."""
        every = [command for commands in self.commands.values() for command in commands]
        for begin in NOT_RUN:
            self.assertTrue(any(command.startswith(begin) for command in every), f"{begin}: is in no document")

    def follow(self, name, commands):
        """Runs commands one after the other, with the folder and the variables that they set."""
        settings = []
        for command in commands:
            with self.subTest(f"{name}: {command}"):
                if SETTING.match(command) and not reason_not_to_run(command):
                    settings.append(command)
                elif reason_not_to_run(command):
                    self.look_up(command, settings)
                else:
                    self.assertRegex(command, RUN_HERE, "neither run nor in the list of those that are not")
                    self.run_command(name, command, settings)

    def run_command(self, name, command, settings):
        for placeholder, word in PLACEHOLDERS.items():
            command = re.sub(rf"(?<![\w-]){placeholder}(?![\w-])", word, command)
        folder, path, words = self.sandbox.expand(settings, command, self.path_for(name))
        self.sandbox.provide(words)
        words = made_smaller(words)
        if words[0].endswith("interleave.py"):
            words = self.against_itself(words, folder)
        if "serve" in words:
            self.check_serve(words, path)
            return
        result = self.sandbox.run(words, folder, path)
        self.assertEqual(result.returncode, 0, f"{shlex.join(words)}: {result.stderr}")
        self.assertTrue(result.stdout, f"{shlex.join(words)}: expected to say something")
        self.check_output(words)

    def path_for(self, name):
        """README.md says itself where the program is."""
        return os.environ["PATH"] if name == "README.md" else self.sandbox.environment["PATH"]

    def against_itself(self, words, folder):
        """interleave.py with our side twice: the peer, whose options are looked up, needs PyTorch."""
        ours, peer = [word for word in words[1:] if "/" in word]
        self.look_up(peer, [], folder)
        ours = shlex.join(made_smaller(shlex.split(ours)))
        return [words[0], ours, ours, *(word for word in words[1:] if "/" not in word)]

    def check_output(self, words):
        if "--out" not in words:
            return
        out = self.sandbox.root / words[words.index("--out") + 1]
        if words[1] in ("train", "sweep"):
            out = out / {"train": "report.html", "sweep": "table.html"}[words[1]]
        self.assertTrue(out.is_file(), f"{out}: expected the file")
        signature = SIGNATURES[out.suffix]
        self.assertEqual(out.read_bytes()[:len(signature)].lower(), signature.lower(), out)

    def check_serve(self, words, path):
        """It serves the page and the models until it is asked to stop."""
        environment = {**self.sandbox.environment, "PATH": path}
        with subprocess.Popen(words, cwd=self.sandbox.root, env=environment, stdout=subprocess.PIPE,
                              text=True) as process:
            try:
                url = re.search(r"http://\S+/", process.stdout.readline())[0]
                page = urllib.request.urlopen(url + "index.html", timeout=SECONDS).read()
                models = json.load(urllib.request.urlopen(url + "models/index.json", timeout=SECONDS))
            finally:
                process.terminate()  # SIGINT is ignored in the background of a script
        self.assertEqual(page, b"the page")
        runs = [word for word in words if word.startswith("runs/")]
        self.assertEqual([model["name"] for model in models], [pathlib.Path(run).name for run in runs])

    def look_up(self, command, settings, folder=None):
        """Files of the repository, options and presets that a command names are there."""
        if folder is None:
            folder = self.sandbox.expand(settings, "true", os.environ["PATH"])[0]
        folder = REPOSITORY / pathlib.Path(folder).relative_to(self.sandbox.root.resolve())
        words = [word for word in shlex.split(command) if not re.match(r"[A-Z_]+=", word)]
        if words[0] == "pumice":
            self.check_options(command, words, self.run_words([*words[:2], "--help"]).stdout)
        elif words[0] == "cmake" and "--preset" in words:
            self.check_preset(words[words.index("--preset") + 1])
        script = next((word for word in words if self.is_script(word)), None)
        if script:
            self.assertTrue((folder / script).is_file(), f"{folder / script}: is not there")
            self.check_script(folder / script)
            text = "".join(file.read_text() for file in (folder / script).parent.glob(f"*{(folder / script).suffix}")
                           if file.is_file())
            self.check_options(command, words[words.index(script) + 1:], text)

    @staticmethod
    def is_script(word):
        return re.fullmatch(r"[\w./-]+\.(py|mjs)|(scripts|web/bench)/[\w-]+", word) is not None

    def check_script(self, script):
        check = {".py": [sys.executable, "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())"],
                 ".mjs": ["node", "--check"], "": ["bash", "-n"]}[script.suffix]
        result = subprocess.run([*check, script], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)

    def check_options(self, command, words, text):
        for option in [word for word in words if word.startswith("--")]:
            self.assertRegex(text, rf"{option}(?![\w-])", f"{command}: no option {option}")

    def check_preset(self, name):
        presets = json.loads((REPOSITORY / "CMakePresets.json").read_text())
        self.assertIn(name, [preset["name"] for preset in presets["configurePresets"]])

    def programs(self):
        """[], and the words of every sub-command below it."""
        waiting, found = [[]], []
        while waiting:
            words = waiting.pop()
            found.append(words)
            text = self.run_words(["pumice", *words, "--help"]).stdout
            names = re.search(r"^Subcommands:\n((?:  .*\n)*)", text, re.MULTILINE)
            if names:
                waiting += [[*words, name] for name in re.findall(r"^  ([a-z]+) ", names[1], re.MULTILINE)]
        return found

    def run_words(self, words):
        return self.sandbox.run(words)


if __name__ == "__main__":
    BUILD = sys.argv.pop(1)
    unittest.main()
