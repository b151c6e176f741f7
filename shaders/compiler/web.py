"""The web form of a kernel: GLSL -> SPIR-V 1.0 -> naga -> WGSL.

SPIR-V 1.0, because naga loses `readonly` in version 1.3 and later.
"""

import re
from pathlib import Path

from . import CompileError
from .lower_constants import lower_constants
from .short_names import short_names

TARGET = "vulkan1.0"


def to_wgsl(shader, arguments, run_glslang, run_tool):
    folder = arguments.out / "wgsl"
    folder.mkdir(parents=True, exist_ok=True)
    code, text = folder / f"{shader.stem}.spv", folder / f"{shader.stem}.wgsl"
    run_glslang(arguments, shader, TARGET, code, "-DPUMICE_WEB")
    code.write_bytes(lower_constants(code.read_bytes()))
    run_tool([*naga_command(arguments), code, text], naga_error)
    wgsl = without_spaces(short_names(text.read_text()))
    if ')wgsl"' in wgsl:
        raise CompileError('its WGSL contains )wgsl", which ends the string it is kept in')
    return wgsl


def without_spaces(wgsl):
    """Removes spaces for the page; the .wgsl file keeps them, and the names, for readers.

    Spaces remain where tokens would run together: `array<f32> =`, `a - -b`, `a / *p`.
    """
    one_line = re.sub(r"\s+", " ", wgsl.strip())
    tight = re.sub(r"(?<!>) ?([{}();,:=+*%^]) ?", r"\1", one_line)
    return re.sub(r"> ?([{}();,]) ?", r">\1", tight)


def naga_command(arguments):
    if arguments.naga:
        return [arguments.naga]
    return ["node", Path(__file__).with_name("naga.mjs"), arguments.naga_wasm]


def naga_error(output):
    """naga spreads an error over many lines; the first and the last have the message."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    parts = lines[:1] + [line for line in lines[1:] if line.startswith("= ")][-1:]
    return "naga: " + (" ".join(parts) or "failed")
