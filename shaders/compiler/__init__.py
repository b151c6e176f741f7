"""From GLSL to the C++ description of a kernel: see shaders/compile.py."""


class CompileError(Exception):
    """An error in a shader, in one line: what was found, what was expected."""
