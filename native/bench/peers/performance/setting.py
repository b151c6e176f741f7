"""What is compared: the command lines of all sides."""

import pathlib
import shlex
import subprocess
import sys


def peers_folder():
    return pathlib.Path(__file__).resolve().parents[1]


class Setting:
    def __init__(self, arguments):
        self.arguments = arguments
        self.pythons = [(f"PyTorch {version}", python) for python in arguments.python
                        if (version := self.version(python, "torch"))]

    def ours(self, program, *options, device=None, instructions=None):
        """The command line of a benchmark of ours."""
        variables = [f"PUMICE_CPU_THREADS={self.arguments.threads}"]
        if instructions:
            variables.append(f"PUMICE_CPU_INSTRUCTIONS={instructions}")
        path = self.arguments.build.resolve() / program
        if not path.exists():
            raise SystemExit(f"performance: {path}: not found; build it, or name --build")
        return command("env", *variables, path, "--device", device or self.arguments.device, *options)

    def forms(self):
        """name: device and instruction set of our sides; the first is what the others are compared with."""
        device = self.arguments.device
        if device != "cpu":
            return {device: {"device": device}}
        return {"Pumice": {}, "Pumice, x86-64-v3": {"instructions": "x86-64-v3"},
                "Pumice, lavapipe": {"device": "lavapipe"}}

    @staticmethod
    def peer(python, script, *options):
        return command(python, peers_folder() / script, *options)

    @staticmethod
    def version(python, module):
        """Of a module of a Python; None, and a word, if it has none."""
        print_version = f"import {module}; print(getattr({module}, '__version__', ''))"
        words = [python, "-c", print_version]
        try:
            return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            print(f"performance: {python} has no {module}; left out", file=sys.stderr)
            return None


def command(*words):
    return shlex.join(str(word) for word in words)
