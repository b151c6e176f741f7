#!/usr/bin/env python3
"""Compiles compute shaders: .comp -> SPIR-V -> reflection -> C++; with --naga also WGSL.

With --spirv-cross also the form for CPUs: cpu/NAME.h and cpu/NAME.cpp.

  compile.py kernel shaders/elementwise/silu.comp --out build/generated
      writes spirv/silu.spv, kernels/silu.h and kernels/silu.cpp to that folder
  compile.py index --out build/generated silu relu ...
      writes kernels/all.h and kernels/all.cpp, which list these kernels
  compile.py shared --out build/generated
      writes kernels/shared.h: the enumerations and constants that shaders declare for C++

Errors are one line: `shaders/x.comp: what, expected`.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # leaves the source tree unchanged

from compiler import CompileError, cpp, generate, shared, web  # noqa: E402
from compiler.reflect import reflect  # noqa: E402

SHADERS = Path(__file__).resolve().parent
INCLUDE_EXTENSION = "#extension GL_GOOGLE_include_directive : require"
TARGET = "vulkan1.2"
PORTABLE_BINDINGS, PORTABLE_THREADS, PORTABLE_SHARED_BYTES = 8, 256, 16384


def main():
    arguments = parse_arguments()
    try:
        arguments.run(arguments)
    except CompileError as error:
        sys.exit(str(error))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    kernel = commands.add_parser("kernel", help="compile one shader")
    kernel.add_argument("shader", type=Path)
    kernel.add_argument("--out", type=Path, required=True)
    kernel.add_argument("--depfile", type=Path, help="for the build: what the kernel was made of")
    kernel.add_argument("--glslang", default="glslang")
    kernel.add_argument("--spirv-val", default="spirv-val")
    kernel.add_argument("--naga", type=Path, help="also make WGSL, with this program")
    kernel.add_argument("--naga-wasm", type=Path, help="the same, with the npm package there")
    kernel.add_argument("--spirv-cross", type=Path, help="also make the form for CPUs, with this")
    kernel.add_argument("--cpu-sets", default="", help="the instruction sets it is compiled for")
    kernel.add_argument("--without-spirv", action="store_true", help="leave SPIR-V out of the C++")
    kernel.set_defaults(run=compile_kernel)
    index = commands.add_parser("index", help="list all kernels")
    index.add_argument("names", nargs="*")
    index.add_argument("--out", type=Path, required=True)
    index.set_defaults(run=write_index)
    header = commands.add_parser("shared", help="declare for C++ what shaders share with it")
    header.add_argument("--shaders", type=Path, default=SHADERS, help="the folder of all shaders")
    header.add_argument("--out", type=Path, required=True)
    header.set_defaults(run=write_shared)
    return parser.parse_args()


def compile_kernel(arguments):
    shader = arguments.shader.resolve()
    title = shader_title(shader)
    name = shader.stem
    try:
        code = to_spirv(shader, arguments)
        reflection = reflect(code)
        texel_code = texel_form(shader, arguments)
        wgsl = ""
        if "vulkan_only" not in shader.parts:
            check_portable(reflection)
            if arguments.naga or arguments.naga_wasm:
                wgsl = web.to_wgsl(shader, arguments, run_glslang, run_tool)
        cpu = cpu_form(shader, title, reflection, arguments)
        header = generate.header(title, name, summary(shader), reflection)
        forms = [] if arguments.without_spirv else [code, *texel_code]
        source = generate.source(title, name, reflection, forms, wgsl, cpu)
    except CompileError as error:
        raise CompileError(f"{title}{error}" if str(error)[0] == ":" else f"{title}: {error}")
    kernels = arguments.out / "kernels"
    write_if_changed(kernels / f"{name}.h", header)
    write_if_changed(kernels / f"{name}.cpp", source)


def shader_title(shader):
    """The path for messages, relative to the folder that contains shaders/."""
    root = SHADERS.parent
    return shader.relative_to(root).as_posix() if shader.is_relative_to(root) else shader.name


def to_spirv(shader, arguments):
    output = arguments.out / "spirv" / f"{shader.stem}.spv"
    output.parent.mkdir(parents=True, exist_ok=True)
    options = ["--depfile", arguments.depfile] if arguments.depfile else []
    run_glslang(arguments, shader, TARGET, output, *options)
    run_tool([arguments.spirv_val, "--target-env", TARGET, output], spirv_val_error)
    if arguments.depfile:
        rename_target(arguments.depfile, arguments.out / "kernels" / f"{shader.stem}.h")
    return output.read_bytes()


def texel_form(shader, arguments):
    """A list with the kernel's form with texel buffers for its VECTORS; empty if it has none."""
    if not re.search(r"^VECTORS\b", shader.read_text(), re.MULTILINE):
        return []
    output = arguments.out / "spirv" / f"{shader.stem}_texels.spv"
    run_glslang(arguments, shader, TARGET, output, "-DPUMICE_TEXELS")
    run_tool([arguments.spirv_val, "--target-env", TARGET, output], spirv_val_error)
    return [output.read_bytes()]


def cpu_form(shader, title, reflection, arguments):
    """Writes the form for CPUs; returns it, or None if there is none. Both files exist in any case,
    as the build expects."""
    name, folder = shader.stem, arguments.out / "cpu"
    header = source = f"// {title} has no form for CPUs.\n"
    is_vulkan_only = "vulkan_only" in shader.parts
    form = None if is_vulkan_only else cpp.form(shader.read_text(), reflection)
    if not arguments.spirv_cross:
        return None
    if form:
        metal = arguments.out / "spirv" / f"{name}.metal"
        command = [arguments.spirv_cross, "--msl", "--msl-version", "20300", "--output", metal]
        run_tool([*command, metal.with_suffix(".spv")], spirv_cross_error)
        header, source = cpp.to_cpp(name, title, metal.read_text(), form)
        form.sets = arguments.cpu_sets.split(",")
    write_if_changed(folder / f"{name}.h", header)
    write_if_changed(folder / f"{name}.cpp", source)
    return form


def spirv_cross_error(output):
    return "spirv-cross: " + (output.strip().splitlines() or ["failed"])[-1]


def run_glslang(arguments, shader, target, output, *options):
    command = [arguments.glslang, "--quiet", "--target-env", target, f"-P{INCLUDE_EXTENSION}"]
    command += [f"-I{SHADERS / 'include'}", f"-I{shader.parent}", *options, "-o", output, shader]
    run_tool(command, glslang_error)


def run_tool(command, describe):
    try:
        result = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise CompileError(f"cannot run {command[0]}: {error.strerror}")
    if result.returncode != 0:
        raise CompileError(describe(result.stdout + result.stderr))


def glslang_error(output):
    """The first error as `:line: message`, preceded by the file name if in an included file."""
    match = re.search(r"^ERROR: (\S*?):(\d+): (.*)$", output, re.MULTILINE)
    if not match:
        return f"glslang: {output.strip().splitlines()[0] if output.strip() else 'failed'}"
    path, line, message = match.groups()
    place = f": {Path(path).name}" if path.endswith(".glsl") else ""
    return f"{place}:{line}: {message.strip()}"


def spirv_val_error(output):
    return "spirv-val: " + (output.strip().splitlines() or ["failed"])[0]


def rename_target(depfile, target):
    """Names the header, which the build knows, instead of glslang's .spv output."""
    _, sources = depfile.read_text().split(": ", 1)
    depfile.write_text(f"{target}: {sources}")


def summary(shader):
    """The first comment line: what the kernel computes."""
    match = re.search(r"^// *(.*)$", shader.read_text(), re.MULTILINE)
    if not match:
        raise CompileError("expected a comment that says what it computes")
    return match.group(1)


def check_portable(reflection):
    """Checks WebGPU's guaranteed limits; kernels under shaders/vulkan_only may exceed them."""
    x, y, z = reflection.group_size
    limits = (
        ("storage bindings", len(reflection.bindings), PORTABLE_BINDINGS),
        ("threads in a group", x * y * z, PORTABLE_THREADS),
        ("bytes of shared memory", reflection.shared_bytes, PORTABLE_SHARED_BYTES),
    )
    for what, value, limit in limits:
        if value > limit:
            raise CompileError(f"{value} {what}, expected at most {limit} outside shaders/vulkan_only")
    if reflection.features:
        raise CompileError(f"{reflection.features[0]} is for shaders/vulkan_only alone")


def write_index(arguments):
    kernels = arguments.out / "kernels"
    write_if_changed(kernels / "all.h", generate.index_header())
    write_if_changed(kernels / "all.cpp", generate.index_source(sorted(arguments.names)))


def write_shared(arguments):
    header = shared.header(arguments.shaders)
    write_if_changed(arguments.out / "kernels" / "shared.h", header)


def write_if_changed(path, content):
    """Keeps the time stamp of an unchanged file, so that its dependents are not rebuilt."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != content:
        path.write_text(content)


if __name__ == "__main__":
    main()
