"""Tests of shaders/compiler/short_names.py on text as naga writes it."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "shaders"))

from compiler.short_names import short_names  # noqa: E402  (found by the path above)

HEAD = """struct Params {
    a: u32,
    slope: f32,
}

@id(0) override kActivation: u32 = 0u;

@group(1) @binding(0)
var<uniform> unnamed: Params;
var<private> f: u32;

"""


def function(name, first, second):
    return f"""fn {name}(x_{first}: ptr<function, f32>, y: f32) -> f32 {{
    var n: f32;

    let _e{first} = (*x_{first});
    n = (_e{first} + 2.5e-5f);
    let _e{second} = unnamed.a;
    return max(n, y);
}}

"""


class ShortNames(unittest.TestCase):
    def test_values_are_named_in_each_function(self):
        self.assertEqual(short_names(HEAD + function("above", 77, 80)), HEAD + """\
fn above(a: ptr<function, f32>, b: f32) -> f32 {
    var c: f32;

    let d = (*a);
    c = (d + 2.5e-5f);
    let e = unnamed.a;
    return max(c, b);
}

""")

    def test_a_function_is_the_same_text_wherever_naga_numbered_it(self):
        self.assertEqual(short_names(HEAD + function("above", 1, 2)), short_names(HEAD + function("above", 77, 99)))

    def test_names_of_the_module_are_not_taken(self):
        values = "".join(f"    let _e{i} = {i}u;\n" for i in range(60))
        text = short_names(HEAD + "fn many() {\n" + values + "    f = _e59;\n}\n")
        self.assertIn("let e = 4u;\n    let g = 5u;", text)  # f is a variable of the module
        self.assertIn("let Z = 50u;\n    let aa = 51u;", text)
        self.assertIn("f = ai;", text)

    def test_words_of_the_language_are_not_taken(self):
        values = "".join(f"    let _e{i} = {i}u;\n" for i in range(2000))
        text = short_names("fn many() {\n" + values + "}\n")
        for word in ("as", "do", "fn", "if", "of", "let", "abs"):
            self.assertNotIn(f"let {word} =", text)
        self.assertIn("let at =", text)

    def test_functions_lose_the_types_of_their_parameters(self):
        text = short_names("fn above_u0028_vf4_u003b() {\n}\n\n"
                           "fn above_u0028_f1_u003b() {\n    above_u0028_vf4_u003b();\n}\n")
        self.assertEqual(text, "fn above() {\n}\n\nfn above_2() {\n    above();\n}\n")

    def test_attributes_stay(self):
        text = short_names("@compute @workgroup_size(8, 2, 1)\n"
                           "fn main(@builtin(num_workgroups) num_workgroups: vec3<u32>) {\n"
                           "    let _e1 = num_workgroups.x;\n}\n")
        self.assertIn("fn main(@builtin(num_workgroups) a: vec3<u32>) {\n    let b = a.x;", text)


if __name__ == "__main__":
    unittest.main()
