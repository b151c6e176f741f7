"""Writes a kernel's description as C++."""

import math
import re
import struct

from . import CompileError
from .reflect import reflect

CPP_TYPES = {"uint": "uint32_t", "int": "int32_t", "float": "float"}
RESERVED = set(
    "and asm auto bool break case catch char class concept const continue default delete do double"
    " else enum explicit export extern false float for friend goto if inline int long namespace"
    " new not operator or private protected public register requires return short signed sizeof"
    " static struct switch template this throw true try typedef typename union unsigned using"
    " virtual void volatile while xor".split()
)


def header(shader, name, summary, reflection):
    check_name(name, "kernel")
    parts = [
        banner(shader),
        "#pragma once\n\n#include <cstdint>\n\n#include \"engine/hal/kernel.h\"\n",
        "namespace pumice::kernels {\n",
    ]
    title = pascal_case(name)
    if reflection.params:
        parts.append(struct_text(f"{title}Params", reflection.params))
    if reflection.constants:
        parts.append(struct_text(f"{title}Constants", reflection.constants))
    parts.append(f"/// {shader}: {summary}\nextern const hal::Kernel {name};\n")
    parts.append("}  // namespace pumice::kernels\n")
    return "\n".join(parts)


def source(shader, name, reflection, forms, wgsl, cpu):
    """`forms`: the SPIR-V and, if there is one, that of the form with texel buffers. `cpu`: its
    cpp.Form, or None.
    """
    code, *texel_codes = forms or [b""]
    texels = "".join(texel_form(name, texel_code) for texel_code in texel_codes)
    return f"""{banner(shader)}
#include "kernels/{name}.h"

namespace pumice::kernels {{
{cpu_declarations(name, cpu)}namespace {name}_data {{
{static_checks(name, reflection)}
{data("", reflection, code)}
{cpu_forms(name, cpu)}{texels}}}  // namespace {name}_data

constinit const hal::Kernel {name} = {{
{fields(name, f"{name}_data::", "", reflection, code, wgsl)}
    .texels = {f"&{name}_data::kTexels" if texels else "nullptr"},
    .cpu = {f"{name}_data::kCpu" if cpu else "{}"},
    .cpu_fixed = {f"{{{cpu.id}, {cpu.value}}}" if cpu else "{}"},
}};

}}  // namespace pumice::kernels
"""


def cpu_declarations(name, cpu):
    function = f"void {name}(const hal::CpuCall& call, uint32_t first, uint32_t last);"
    return "".join(f"namespace {word} {{\n{function}\n}}\n" for word in cpu.sets) if cpu else ""


def cpu_forms(name, cpu):
    if not cpu:
        return ""
    functions = ", ".join(f"{word}::{name}" for word in cpu.sets)
    return f"constexpr hal::CpuForm kCpu[] = {{{functions}}};\n"


def texel_form(name, code):
    reflection = reflect(code)
    return f"""{data("Texel", reflection, code)}
constinit const hal::Kernel kTexels = {{
{fields(name + "_texels", "", "Texel", reflection, code, "")}
}};

"""


def data(form, reflection, code):
    bindings = ", ".join(f"hal::Access::{access}" for access in reflection.bindings)
    spirv = f"constexpr uint32_t k{form}Spirv[] = {{\n{spirv_text(code)}\n}};\n" if code else ""
    return f"constexpr hal::Access k{form}Bindings[] = {{{bindings}}};\n\n{spirv}"


def fields(name, scope, form, reflection, code, wgsl):
    """`scope`: where the arrays are, with ::, seen from the description."""
    features = " | ".join(f"static_cast<uint32_t>(hal::Feature::{f})" for f in reflection.features)
    x, y, z = reflection.group_size
    return f"""    .name = "{name}",
    .spirv = {f"{scope}k{form}Spirv" if code else "{}"},
    .wgsl = {wgsl_text(wgsl)},
    .bindings = {scope}k{form}Bindings,
    .params_bytes = {4 * len(reflection.params)},
    .constant_count = {len(reflection.constants)},
    .constant_types = "{''.join(constant.type[0] for constant in reflection.constants)}",
    .group_size = {{{x}, {y}, {z}}},
    .shared_bytes = {reflection.shared_bytes},
    .features = {features or 0},"""


def index_header():
    return """#pragma once

#include <span>

#include "engine/hal/kernel.h"

namespace pumice::kernels {

/// Every kernel of the build, in the order of their names.
std::span<const hal::Kernel* const> all();

}  // namespace pumice::kernels
"""


def index_source(names):
    includes = "\n".join(f'#include "kernels/{name}.h"' for name in names)
    pointers = "".join(f"    &{name},\n" for name in names)
    body = f"  static constexpr const hal::Kernel* kAll[] = {{\n{pointers}  }};\n  return kAll;"
    return f"""#include "kernels/all.h"

{includes}

namespace pumice::kernels {{

std::span<const hal::Kernel* const> all() {{
{body if names else "  return {};"}
}}

}}  // namespace pumice::kernels
"""


def banner(shader):
    return f"// Generated from {shader} by shaders/compile.py.\n"


def struct_text(title, fields):
    lines = [f"struct {title} {{"]
    for field in fields:
        check_name(field.name, "field")
        lines.append(f"  {CPP_TYPES[field.type]} {field.name} = {literal(field)};")
    return "\n".join(lines) + "\n};\n"


def check_name(name, what):
    if not re.fullmatch("[a-z][a-z0-9_]*|[A-Z]", name) or name in RESERVED:
        raise CompileError(f"{what} {name!r}: expected snake_case that is not a C++ keyword")


def literal(field):
    """The default's bits as C++."""
    if field.type == "uint":
        return f"{field.default}u" if field.default else "0"
    if field.type == "int":
        return str(struct.unpack("<i", struct.pack("<I", field.default))[0])
    return float_literal(struct.unpack("<f", struct.pack("<I", field.default))[0])


def float_literal(value):
    if not math.isfinite(value):
        raise CompileError(f"a default is {value}, expected a finite number")
    for digits in range(1, 10):  # nine digits distinguish every float from its neighbours
        shortest = f"{value:.{digits}g}"
        if struct.pack("<f", float(shortest)) == struct.pack("<f", value):
            break
    return (shortest if re.search("[.e]", shortest) else shortest + ".0") + "f"


def pascal_case(name):
    return "".join(part.capitalize() for part in name.split("_"))


def spirv_text(code):
    words = struct.unpack(f"<{len(code) // 4}I", code)
    rows = (words[start : start + 8] for start in range(0, len(words), 8))
    return "\n".join("    " + " ".join(f"0x{word:08x}," for word in row) for row in rows)


def wgsl_text(wgsl):
    return f'R"wgsl(\n{wgsl})wgsl"' if wgsl else '""'


def static_checks(name, reflection):
    checks = [
        f"static_assert(sizeof({pascal_case(name)}{kind}) == {4 * len(fields)});\n"
        for kind, fields in (("Params", reflection.params), ("Constants", reflection.constants))
        if fields
    ]
    return "\n" + "".join(checks) if checks else ""
