"""What shaders/compile.py makes of right and wrong shaders.

Run by ctest, which passes the tools in PUMICE_GLSLANG, PUMICE_SPIRV_VAL and, in builds with the web
form, PUMICE_NAGA_OPTIONS.
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

HEAD = '#version 450\n#include "kernel.glsl"\n// y = x.\n'
BUFFERS = "IN(0, float, x);\nOUT(1, float, y);\n"
LOCAL_SIZE = "layout(local_size_x = 64) in;\n"
COPY = "y[flat_id()] = x[flat_id()];"


class CompileTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def compile(self, text, name="sample", folder=".", options=()):
        self.out = Path(self.folder.name) / "out"
        shader = Path(self.folder.name) / folder / f"{name}.comp"
        shader.parent.mkdir(exist_ok=True)
        shader.write_text(text)
        command = [sys.executable, COMPILE, "kernel", shader, "--out", self.out]
        command += ["--glslang", GLSLANG, "--spirv-val", SPIRV_VAL, *options]
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


class RightShaders(CompileTest):
    def test_bindings_and_group_size(self):
        self.assert_compiles(
            self.shader("INOUT(2, vec4, z);\n", COPY + "z[0] += 1.0;"),
            "{hal::Access::kRead, hal::Access::kWrite, hal::Access::kReadWrite}",
            ".group_size = {64, 1, 1}",
            "/// sample.comp: y = x.\nextern const hal::Kernel sample;",
        )

    def test_params(self):
        self.assert_compiles(
            self.shader("PARAMS { uint count; int step; float slope; } p;\n", "y[p.count] = x[0];"),
            "struct SampleParams {\n  uint32_t count = 0;\n  int32_t step = 0;\n"
            "  float slope = 0.0f;\n};",
            ".params_bytes = 12",
        )

    def test_constants_keep_their_defaults(self):
        constants = (
            "layout(constant_id = 0) const uint kTileRows = 4u;\n"
            "layout(constant_id = 1) const int offset = -3;\n"
            "layout(constant_id = 2) const float slope = 0.2;\n"
        )
        self.assert_compiles(
            self.shader(constants, "y[kTileRows] = x[offset + 3] * slope;"),
            "struct SampleConstants {\n  uint32_t tile_rows = 4u;\n  int32_t offset = -3;\n"
            "  float slope = 0.2f;\n};",
            ".constant_count = 3",
        )

    def test_a_constant_sets_the_group_size(self):
        local_size = (
            "layout(local_size_x = 128, local_size_x_id = 0) in;\n"
            "layout(constant_id = 0) const uint kThreads = 128u;\n"
            "shared float tile[kThreads * 2];\n"
        )
        self.assert_compiles(
            self.shader(body="tile[0] = x[0]; y[0] = tile[1];", local_size=local_size),
            ".group_size = {128, 1, 1}",
            "uint32_t threads = 128u;",
            ".shared_bytes = 1024",
        )

    def test_shared_memory_is_padded_as_wgsl_pads_it(self):
        self.assert_compiles(
            self.shader("shared vec3 a[10];\n", "a[0] = vec3(x[0]); y[0] = a[1].x;"),
            ".shared_bytes = 160",
        )

    def test_vulkan_only_kernels_state_their_features(self):
        texel = "layout(set = 0, binding = 2) uniform textureBuffer weights;\n"
        self.assert_compiles(
            self.shader(texel, "y[0] = x[0] + texelFetch(weights, 0).x;", folder="vulkan_only"),
            "hal::Access::kTexel",
            ".features = static_cast<uint32_t>(hal::Feature::kTexelBuffer)",
        )

    def test_vectors_have_a_second_form_with_texels(self):
        text = HEAD + LOCAL_SIZE + "VECTORS(0, x);\nOUT(1, vec4, y);\n"
        self.assert_compiles(
            self.compile(text + "void main() { y[flat_id()] = fetch(x, flat_id()); }\n"),
            "kBindings[] = {hal::Access::kRead, hal::Access::kWrite}",
            "kTexelBindings[] = {hal::Access::kTexel, hal::Access::kWrite}",
            '.name = "sample_texels"',
            ".texels = &kTexels",
        )
        self.assert_compiles(self.shader(), ".texels = nullptr")


@unittest.skipUnless(NAGA_OPTIONS, "this build has no web form")
class WebForms(CompileTest):
    def test_access_and_params(self):
        self.assert_compiles(
            self.shader("PARAMS { uint count; };\n", "y[count] = x[0];", options=NAGA_OPTIONS),
            "var<storage> unnamed",
            "var<storage,read_write> unnamed",
            "@group(1)@binding(0)var<uniform>",
        )

    def test_constants_become_overrides(self):
        constants = (
            "layout(constant_id = 0) const uint mode = 4u;\n"
            "layout(constant_id = 1) const float slope = 0.5;\n"
            "float scaled(float v) { return mode == 2u || mode + 1u == 9u ? v * slope : v; }\n"
        )
        body = "if (mode > 3u) y[0] = scaled(x[0]); switch (mode) { case 1u: y[1] = 2.0; }"
        self.assert_compiles(
            self.shader(constants, body, options=NAGA_OPTIONS),
            "@id(0)override mode:u32=4u;",
            "@id(1)override slope:f32=0.5f;",
            '.constant_types = "uf"',
        )

    def test_sizes_computed_from_constants_are_refused(self):
        constant = "layout(constant_id = 0) const uint n = 4u;\nshared float tile[2u * n];\n"
        self.assert_refused(
            self.shader(constant, "tile[0] = x[0]; y[0] = tile[0];", options=NAGA_OPTIONS),
            ": a size computed from a specialization constant has no WGSL form",
        )

    def test_vulkan_only_shaders_have_none(self):
        result = self.shader(folder="vulkan_only", options=NAGA_OPTIONS)
        self.assert_compiles(result, '.wgsl = ""')

    def test_without_spirv(self):
        result = self.shader(options=[*NAGA_OPTIONS, "--without-spirv"])
        self.assert_compiles(result, ".spirv = {}", "@compute @workgroup_size(64,1,1)")


class WrongShaders(CompileTest):
    def test_syntax(self):
        self.assert_refused(
            self.shader(body="y[0] = nonsense;"), ":7: 'nonsense' : undeclared identifier"
        )

    def test_missing_summary(self):
        head = '#version 450\n#include "kernel.glsl"\n'
        self.assert_refused(
            self.shader(head=head), ": expected a comment that says what it computes"
        )

    def test_gap_in_bindings(self):
        self.assert_refused(
            self.shader("OUT(3, float, z);\n", COPY + "z[0] = 1.0;"),
            ": binding 2 is missing or unused, expected the numbers 0 to 3",
        )

    def test_gap_in_constants(self):
        self.assert_refused(
            self.shader("layout(constant_id = 1) const uint n = 2u;\n", "y[n] = x[n];"),
            ": specialization constant 0 is missing or unused, expected the numbers 0 to 1",
        )

    def test_constants_of_other_types(self):
        self.assert_refused(
            self.shader("layout(constant_id = 0) const bool b = true;\n", "if (b) y[0] = x[0];"),
            ": specialization constant 0: expected uint, int or float, got bool",
        )

    def test_two_defaults_of_the_group_size(self):
        local_size = (
            "layout(local_size_x_id = 0) in;\nlayout(constant_id = 0) const uint threads = 64u;\n"
        )
        self.assert_refused(
            self.shader(body="y[threads] = x[0];", local_size=local_size),
            ": specialization constant 0: two defaults, 64 and 1;"
            " write local_size_x beside local_size_x_id",
        )

    def test_vectors_in_params(self):
        self.assert_refused(
            self.shader("PARAMS { vec4 scale; };\n", "y[0] = scale.x * x[0];"),
            ": param scale: expected uint, int or float, got vector",
        )

    def test_too_many_params(self):
        members = " ".join(f"uint p{index};" for index in range(17))
        self.assert_refused(
            self.shader(f"PARAMS {{ {members} }};\n", "y[p0] = x[p16];"),
            ": params have 68 bytes, expected at most 64",
        )

    def test_words_of_cpp_as_names(self):
        self.assert_refused(
            self.shader("PARAMS { uint operator; };\n", "y[operator] = x[0];"),
            ": field 'operator': expected snake_case that is no word of C++",
        )

    def test_uniform_buffers(self):
        block = "layout(set = 0, binding = 2) uniform Block { float scale; };\n"
        self.assert_refused(
            self.shader(block, "y[0] = scale * x[0];"),
            ": binding 2: expected a storage buffer or a textureBuffer",
        )

    def test_other_capabilities(self):
        self.assert_refused(
            self.shader(body="y[0] = float(double(x[0]) * 2.0LF);"),
            ": needs the capability Float64, expected only Shader, GroupNonUniform,"
            " GroupNonUniformShuffle, SampledBuffer",
        )

    def test_portable_limits(self):
        self.assert_refused(
            self.shader(local_size="layout(local_size_x = 512) in;\n"),
            ": 512 threads in a group, expected at most 256 outside shaders/vulkan_only",
        )

    def test_missing_compiler(self):
        global GLSLANG
        GLSLANG, kept = "/nonexistent/glslang", GLSLANG
        try:
            self.assert_refused(
                self.shader(), ": cannot run /nonexistent/glslang: No such file or directory"
            )
        finally:
            GLSLANG = kept


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
            "shaders/b.glsl:1: kEdge is declared in shaders/a.glsl:1, too\n",
        )


if __name__ == "__main__":
    unittest.main()
