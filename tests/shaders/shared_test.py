"""What C++ gets from the include files of shaders."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from compile_case import COMPILE


class SharedWithCpp(unittest.TestCase):
    def header_of(self, **files):
        """What C++ gets from these include files: its text, or the error."""
        with tempfile.TemporaryDirectory() as folder:
            shaders, out = Path(folder) / "shaders", Path(folder) / "out"
            shaders.mkdir()
            for name, text in files.items():
                (shaders / f"{name}.glsl").write_text(text)
            command = [sys.executable, COMPILE, "shared", "--shaders", shaders, "--out", out]
            result = subprocess.run(command, capture_output=True, text=True)
            if result.returncode != 0:
                return result.stderr
            return (out / "kernels" / "shared.h").read_text()

    def test_an_enumeration_with_names(self):
        text = self.header_of(
            decay="// C++ enum Decay: how a rate\n// falls.\nconst uint kNone = 0u;\n"
            "const uint kHalfCosine = 1u;  // smoothly\n\nconst uint kOwn = 7u;\n"
        )
        self.assertIn(
            "/// How a rate\n/// falls.\nenum class Decay : uint32_t {\n  kNone = 0,\n"
            "  kHalfCosine = 1,  ///< smoothly\n};\n",
            text,
        )
        self.assertIn('kNames<Decay> = {\n    "none",\n    "half_cosine",\n};', text)
        self.assertNotIn("kOwn", text)

    def test_constants(self):
        text = self.header_of(tile="// C++ constants: a tile.\nconst uint kTileEdge = 64u;\n")
        self.assertIn("/// A tile.\ninline constexpr uint32_t kTileEdge = 64;\n", text)

    def test_refuses_gaps_in_an_enumeration(self):
        text = "\n// C++ enum Fold: x.\nconst uint kSum = 0u;\nconst uint kMaximum = 2u;\n"
        self.assertEqual(
            self.header_of(fold=text),
            "shaders/fold.glsl:2: enum Fold: expected the numbers 0, 1, 2 ... in this order\n",
        )

    def test_refuses_an_empty_list(self):
        self.assertEqual(
            self.header_of(fold="// C++ enum Fold: x.\n\nconst uint kSum = 0u;\n"),
            "shaders/fold.glsl:1: expected lines like 'const uint kName = 0u;' below\n",
        )

    def test_refuses_a_name_twice(self):
        text = "// C++ constants: x.\nconst uint kEdge = 1u;\n"
        self.assertEqual(
            self.header_of(a=text, b=text),
            "shaders/b.glsl:1: kEdge is also declared in shaders/a.glsl:1\n",
        )


if __name__ == "__main__":
    unittest.main()
