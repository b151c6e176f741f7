"""The form of kernels for CPUs: what C++ computes."""

import ctypes
import struct
import subprocess
import unittest

from compile_case import COMPILE, CPU_OPTIONS, CXX, SPIRV_CROSS, CompileTest


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


if __name__ == "__main__":
    unittest.main()
