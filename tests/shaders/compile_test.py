"""What shaders/compile.py makes of right and wrong shaders.

Run by ctest, which passes the tools in PUMICE_GLSLANG, PUMICE_SPIRV_VAL and, in builds with the web
form, PUMICE_NAGA_OPTIONS; with the form for CPUs, PUMICE_SPIRV_CROSS and PUMICE_CXX.
"""

import ctypes
import os
import struct
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
            ".texels = &sample_data::kTexels",
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


CALL = """
#include "engine/hal/cpu_form.h"
namespace pumice::kernels::base {
void sample(const hal::CpuCall& call, uint32_t first, uint32_t last);
}
extern "C" void call(const uint32_t* constants, const void* params, void* const* bindings,
                     const uint32_t* grid, uint32_t first, uint32_t last) {
  pumice::kernels::base::sample({constants, params, bindings, grid}, first, last);
}
"""


@unittest.skipUnless(SPIRV_CROSS, "this build has no form for CPUs")
class CpuForms(CompileTest):
    def cpu(self, *arguments, **options):
        return self.shader(*arguments, options=CPU_OPTIONS, **options)

    def run_on_cpu(self, result, x, groups=1, constants=None, params=b"", first=0, last=None):
        """y, after the compiled kernel has run on x (both of 64 floats)."""
        self.assertEqual(result.returncode, 0, result.stderr)
        library = self.out / "sample.so"
        caller = self.out / "call.cpp"
        caller.write_text(CALL)
        command = [CXX, "-std=c++20", "-O1", "-Wall", "-Werror", "-Wno-psabi", "-shared", "-fPIC"]
        command += ["-DPUMICE_CPU_SET=base", f"-I{COMPILE.parents[1]}", f"-I{self.out}"]
        subprocess.run([*command, "-o", library, self.out / "cpu/sample.cpp", caller], check=True)
        # Vectors are loaded as a whole: 16 bytes aligned.
        numbers = (ctypes.c_float * 132)()
        begin = -ctypes.addressof(numbers) % 16 // 4
        pointers = [ctypes.addressof(numbers) + 4 * (begin + 64 * i) for i in range(2)]
        numbers[begin : begin + 64] = (list(x) + [0.0] * 64)[:64]
        words = (ctypes.c_uint32 * len(constants))(*constants) if constants else None
        grid = (ctypes.c_uint32 * 3)(groups, 1, 1)
        call = ctypes.CDLL(str(library)).call
        call(words, params, (ctypes.c_void_p * 2)(*pointers), grid, first, last or groups)
        return numbers[begin + 64 : begin + 128]

    def test_each_thread_of_the_groups_asked_for_runs(self):
        copied = self.cpu(local_size="layout(local_size_x = 8) in;\n")
        x = [float(i) for i in range(64)]
        y = self.run_on_cpu(copied, x, groups=8, first=1, last=3)
        self.assertEqual(y, [0.0] * 8 + x[8:24] + [0.0] * 40)

    def test_params_and_constants(self):
        declarations = (
            "PARAMS { uint at; float slope; };\n"
            "layout(constant_id = 0) const uint kShift = 3u;\n"
            "layout(constant_id = 1) const float offset = 0.5;\n"
            "const uint kPlace = kShift + 1u;\n"
        )
        body = "if (flat_id() == 0u) y[kPlace] = x[at] * slope + offset;"
        result = self.cpu(declarations, body)
        params = struct.pack("<If", 2, 10.0)
        self.assertEqual(self.run_on_cpu(result, [1, 2, 3], params=params)[4], 30.5)
        bits = struct.unpack("<I", struct.pack("<f", 0.25))[0]
        y = self.run_on_cpu(result, [1, 2, 3], constants=[6, bits], params=params)
        self.assertEqual(y[7], 30.25)

    def test_lanes_and_masks(self):
        helper = (
            "struct Pair { vec4 first; uint count; };\n"
            "bvec4 large(vec4 v) { return greaterThan(v, vec4(2.0)); }\n"
        )
        body = (
            "vec4 v = vec4(x[0], x[1], x[2], x[3]);\n"
            "Pair pair = Pair(v.wzyx, uint(dot(vec4(large(v)), vec4(1.0))));\n"
            "pair.first.y += 10.0; vec2 ends = pair.first.xw;\n"
            "vec4 one = vec4(lessThan(v, vec4(2.0)));\n"
            "if (flat_id() != 0u) return;\n"
            "y[0] = pair.first.y; y[1] = ends.y; y[2] = float(pair.count); y[3] = one.x + one.y;"
        )
        y = self.run_on_cpu(self.cpu(helper, body), [1, 2, 3, 4])
        self.assertEqual(y[:4], [13.0, 1.0, 2.0, 1.0])

    def test_a_constant_that_leaves_no_barriers(self):
        text = (
            "#pragma cpu_form(kLanes = 1)\n"
            "layout(constant_id = 0) const uint kLanes = 1u;\nshared float part[64];\n"
            "float sum(float own) { if (kLanes == 1u) return own; part[0] = own; barrier();"
            " return part[1]; }\n"
        )
        result = self.cpu(text, "y[flat_id()] = sum(x[flat_id()]);")
        self.assert_compiles(result, ".cpu_fixed = {0, 1}", "hal::CpuForm kCpu[] = {base::sample}")
        self.assertEqual(self.run_on_cpu(result, [5.0, 6.0])[:2], [5.0, 6.0])

    def test_shaders_without_one(self):
        tile = "#pragma cpu_form(none)\nshared float tile[64];\n"
        body = "tile[0] = x[0]; barrier(); y[0] = tile[1];"
        self.assert_compiles(self.cpu(tile, body), ".cpu = {}")
        self.assertTrue((self.out / "cpu/sample.h").exists(), "the build would repeat it for ever")
        self.assert_compiles(self.cpu(folder="vulkan_only"), ".cpu = {}")
        self.assert_compiles(self.shader(), ".cpu = {}")

    def test_barriers_must_be_declared(self):
        self.assert_refused(
            self.cpu("shared float tile[64];\n", "tile[0] = x[0]; barrier(); y[0] = tile[1];"),
            ": uses barriers, which CPUs cannot run: expected #pragma cpu_form(none), and another"
            " kernel for CPUs, or #pragma cpu_form(kConstant = 1) with a constant without them",
        )

    def test_the_fixed_value_is_the_default(self):
        constant = "#pragma cpu_form(kLanes = 2)\nlayout(constant_id = 0) const uint kLanes = 1u;\n"
        self.assert_refused(
            self.cpu(constant, "y[kLanes] = x[0];"),
            ": #pragma cpu_form(kLanes = 2): expected a specialization constant and its default",
        )

    def test_members_with_the_names_of_lanes(self):
        place = "struct Place { int row; int y; };\nPlace at() { return Place(1, int(x[0])); }\n"
        self.assert_refused(
            self.cpu(place, "Place place = at(); y[place.row] = float(place.y);"),
            ": struct Place: expected a longer name than y, which is a vector's lane",
        )


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
            ": field 'operator': expected snake_case that is not a C++ keyword",
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
            " GroupNonUniformShuffle, SampledBuffer, Float16, VulkanMemoryModel,"
            " CooperativeMatrixKHR",
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
            "shaders/b.glsl:1: kEdge is also declared in shaders/a.glsl:1\n",
        )


if __name__ == "__main__":
    unittest.main()
