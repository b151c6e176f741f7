"""From GLSL to the C++ description of a kernel: see shaders/compile.py."""


class CompileError(Exception):
    """What is wrong with a shader, in one line: what came, what was expected."""
