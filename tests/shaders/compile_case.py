"""A test of what shaders/compile.py makes of a shader.

ctest passes the tools in PUMICE_GLSLANG, PUMICE_SPIRV_VAL and, in builds with the web
form, PUMICE_NAGA_OPTIONS; with the form for CPUs, PUMICE_SPIRV_CROSS and PUMICE_CXX.
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

COMPILE = Path(__file__).resolve().parents[2] / "shaders" / "compile.py"
GLSLANG = os.environ.get("PUMICE_GLSLANG", "glslang")
SPIRV_VAL = os.environ.get("PUMICE_SPIRV_VAL", "spirv-val")
NAGA_OPTIONS = os.environ.get("PUMICE_NAGA_OPTIONS", "").split()
SPIRV_CROSS = os.environ.get("PUMICE_SPIRV_CROSS", "")
CPU_OPTIONS = ["--spirv-cross", SPIRV_CROSS, "--cpu-sets", "base"]
CXX = os.environ.get("PUMICE_CXX", "c++")

HEAD = '#version 450\n#include "kernel.glsl"\n// y = x.\n'
BUFFERS = "IN(0, float, x);\nOUT(1, float, y);\n"
LOCAL_SIZE = "layout(local_size_x = 64) in;\n"
COPY = "y[flat_id()] = x[flat_id()];"


class CompileTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def compile(self, text, name="sample", folder=".", options=(), glslang=GLSLANG):
        self.out = Path(self.folder.name) / "out"
        shader = Path(self.folder.name) / folder / f"{name}.comp"
        shader.parent.mkdir(exist_ok=True)
        shader.write_text(text)
        command = [sys.executable, COMPILE, "kernel", shader, "--out", self.out]
        command += ["--glslang", glslang, "--spirv-val", SPIRV_VAL, *options]
        return subprocess.run(command, capture_output=True, text=True)

    def shader(self, declarations="", body=COPY, head=HEAD, local_size=LOCAL_SIZE, **options):
        main = f"void main() {{ {body} }}\n"
        return self.compile(head + local_size + BUFFERS + declarations + main, **options)

    def assert_compiles(self, result, *expected):
        self.assertEqual(result.returncode, 0, result.stderr)
        kernels = self.out / "kernels"
        text = "".join(path.read_text() for path in sorted(kernels.iterdir()))
        for line in expected:
            self.assertIn(line, text)

    def assert_refused(self, result, message):
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, f"sample.comp{message}\n")
