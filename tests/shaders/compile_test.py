"""What shaders/compile.py makes of right shaders, and their form for browsers."""

import unittest

from compile_case import COPY, HEAD, LOCAL_SIZE, NAGA_OPTIONS, CompileTest


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


if __name__ == "__main__":
    unittest.main()
