"""What shaders/compile.py says of wrong shaders."""

import unittest

from compile_case import COPY, CompileTest


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
        self.assert_refused(
            self.shader(glslang="/nonexistent/glslang"),
            ": cannot run /nonexistent/glslang: No such file or directory",
        )


if __name__ == "__main__":
    unittest.main()
