"""The C++ form of a kernel: SPIR-V -> spirv-cross's Metal -> C++ for shaders/cpu/metal.h.

The functions of a kernel become members of a struct whose constants are the specialization
constants, so that a compiler that inlines them sees a loop over threads with constants in it.
`#pragma cpu_form(none)` in a shader: it has no C++ form, because it uses barriers; CPUs have
another kernel. `#pragma cpu_form(kLanes = 1)`: the C++ form has this constant fixed, and with it no
thread reaches a barrier.
"""

import re
from dataclasses import dataclass, field

from . import CompileError
from .reflect import field_name

PRAGMA = re.compile(r"^#pragma cpu_form\((?:(none)|(\w+) = (\d+))\)$", re.MULTILINE)
VECTOR = r"(?:float|uint|int|bool)[234]"
NUMBER = re.compile(r"(?<![\w.])(\d+\.\d+(?:e[-+]?\d+)?|\d+e[-+]?\d+)\b")
CONSTANT = re.compile(
    r"^constant (\w+) (\w+)_tmp \[\[function_constant\((\d+)\)\]\];\n"
    r"constant \1 \2 = is_function_constant_defined\(\2_tmp\) \? \2_tmp : (\S+);\n",
    re.MULTILINE,
)
DERIVED = re.compile(r"^constant (\w+) (\w+) = (.*);\n", re.MULTILINE)
GROUP_SIZE = re.compile(r"^constant uint3 gl_WorkGroupSize .*?= (.*);\n", re.MULTILINE)
# Functions of shaders/include that shaders/cpu/functions.h has in a faster form.
OWN_FUNCTIONS = re.compile(r"^SHADER uint2 divided\(.*?^}\n", re.MULTILINE | re.DOTALL)
BUILT_INS = {  # Metal's attribute -> the member of metal.h's Thread
    "thread_position_in_grid": "in_grid",
    "thread_position_in_threadgroup": "in_group",
    "thread_index_in_threadgroup": "index",
    "threadgroup_position_in_grid": "group",
    "threadgroups_per_grid": "groups",
}


@dataclass
class Form:
    """How a kernel runs on a CPU: with a specialization constant fixed, if that has a name."""

    constant: str = ""
    id: int = -1
    value: int = 0
    sets: list = field(default_factory=list)  # the instruction sets it is compiled for


def form(shader_text, reflection):
    """The kernel's Form, or None if it has none."""
    match = PRAGMA.search(shader_text)
    if not match:
        if "#pragma cpu_form" in shader_text:
            raise CompileError("expected #pragma cpu_form(none) or #pragma cpu_form(kConstant = 1)")
        if reflection.has_barriers:
            raise CompileError(
                "uses barriers, which CPUs cannot run: expected #pragma cpu_form(none), and another"
                " kernel for CPUs, or #pragma cpu_form(kConstant = 1) with a constant without them"
            )
        return Form()
    return None if match[1] else fixed_form(match[2], int(match[3]), reflection)


def fixed_form(name, value, reflection):
    found = [(constant.name, constant.default) for constant in reflection.constants]
    if (field_name(name), value) not in found:
        raise CompileError(
            f"#pragma cpu_form({name} = {value}): expected a specialization constant and its default"
        )
    return Form(name, found.index((field_name(name), value)), value)


def to_cpp(name, title, metal, form):
    """The header and the source of the kernel's C++ form."""
    text = without_prelude(metal)
    check_structs(text)
    text, constants = take_constants(text, form)
    group_size = GROUP_SIZE.search(text)
    text, derived = take_derived(GROUP_SIZE.sub("", text))
    arguments, buffers = arguments_of(text)
    body = translate(text, buffers)
    derived = [(kind, own, expression(value, buffers)) for kind, own, value in derived]
    struct = struct_text(constants, derived, expression(group_size[1], buffers), body)
    return header(name, title, struct), source(name, title, arguments)


def without_prelude(text):
    text = re.sub(r"^(#include|#pragma|using namespace).*\n", "", text, flags=re.MULTILINE)
    text = text.replace("[[clang::optnone]] ", "")
    array = r"^template<typename T, size_t Num>\nstruct spvUnsafeArray\n.*?^};\n"
    return re.sub(array, "", text, flags=re.MULTILINE | re.DOTALL)


def check_structs(text):
    """Vectors' lanes become subscripts, so no struct may have a member with a lane's name."""
    for name, members in re.findall(r"^struct (\w+)\n\{\n(.*?)\n\};", text, re.MULTILINE | re.DOTALL):
        lane = re.search(r"\w+ ([xyzw])(?:\[|;)", members)
        if lane and not re.fullmatch(r"Params|(In|Out|InOut)\d+", name):
            raise CompileError(
                f"struct {name}: expected a longer name than {lane[1]}, which is a vector's lane"
            )


def take_constants(text, form):
    constants = []

    def take(match):
        kind, name, number, default = match.groups()
        value = f"spv_word<{kind}>(c, {number}, {default})"
        if form.constant == name:
            value = str(form.value)
        constants.append((kind, name, value))
        return ""

    text = CONSTANT.sub(take, text)
    if "function_constant" in text:
        raise CompileError("its Metal has a constant of an unknown form")
    return text, constants


def take_derived(text):
    """Constants that are computed from others."""
    return DERIVED.sub("", text), DERIVED.findall(text)


def arguments_of(text):
    """The arguments of main0 in C++, and the names of those that are buffers."""
    signature = re.search(r"void main0\((.*)\)\n", text)[1]
    arguments, buffers = [], []
    for parameter in signature.split(", "):
        attribute = re.search(r"\[\[(\w+)", parameter)[1]
        if attribute != "buffer":
            if attribute not in BUILT_INS:
                raise CompileError(f"its C++ form cannot know {attribute}")
            arguments.append(f"thread.{BUILT_INS[attribute]}")
            continue
        kind, name = re.search(r"(\w+)& (?:__restrict )?(\w+)", parameter).groups()
        buffers.append(name)
        slot = re.search(r"\d*$", kind)[0]
        arguments.append("params" if kind == "Params" else f"binding<Kernel::{kind}>(call, {slot})")
    return arguments, buffers


def translate(text, buffers):
    if "struct Params" not in text:
        text = "struct Params {};\n" + text
    text = re.sub(r" \[\[\w+(\(\d+\))?\]\]", "", text)
    text = re.sub(r"\bthreadgroup_barrier\(.*?\);", "spv_unreachable();", text)
    text = re.sub(r"\b(const )?(device|constant|thread|threadgroup) ", lambda m: m[1] or "", text)
    text = re.sub(r"^static inline __attribute__\(\(always_inline\)\)\n", "SHADER ", text, flags=re.M)
    text = text.replace("kernel void main0", "SHADER void main0")
    text = OWN_FUNCTIONS.sub("", text)
    return expression(re.sub(r"\n{2,}", "\n", text).strip(), buffers)


def expression(text, buffers):
    text = re.sub(r"\b(fast|precise)::", "", text)
    text = NUMBER.sub(r"\1f", text)  # Metal's literals are floats
    text = convert_masks(text)
    text = re.sub(rf"\b({VECTOR})\(", r"spv_make_\1(", text)
    return replace_lanes(text, buffers)


def convert_masks(text):
    """In C++, the lanes of a comparison are 0 and -1: `float4(a < b)` has to make 1 of them."""
    masks = "|".join(re.findall(r"\bbool[234] (\w+)", text)) or "-"
    is_mask = re.compile(rf" [<>]=? | [!=]= |(?<!\w)(?:{masks})\b")
    for match in reversed(list(re.finditer(r"\b(?:float|uint|int)[234]\(", text))):
        begin, end = match.end(), matching(text, match.end() - 1)
        argument = without_nested(text[begin:end])
        if "," not in argument and is_mask.search(argument):
            text = f"{text[:begin]}spv_ones({text[begin:end]}){text[end:]}"
    return text


def matching(text, place):
    """The place of the bracket that closes, or opens, the one at `place`."""
    step = 1 if text[place] in "([" else -1
    end = len(text) if step == 1 else -1
    depth = 0
    for at in range(place, end, step):
        depth += {"(": step, "[": step, ")": -step, "]": -step}.get(text[at], 0)
        if depth == 0:
            return at
    raise CompileError("its Metal has a bracket without its partner")


def without_nested(text):
    depth, kept = 0, ""
    for letter in text:
        depth -= letter in ")]"
        if depth == 0:
            kept += letter
        depth += letter in "(["
    return kept


def replace_lanes(text, buffers):
    """`v.x` -> `v[0]`, `v.yzw` -> `spv_lanes<1, 2, 3>(v)`, but not the members of buffers."""
    pattern = re.compile(r"\.([xyzw]{1,4})\b")
    at = 0
    while match := pattern.search(text, at):
        lanes = ["xyzw".index(lane) for lane in match[1]]
        begin = start_of_postfix(text, match.start())
        base = text[begin : match.start()]
        if base in buffers:
            at = match.end()
        elif len(lanes) == 1:
            text = f"{text[: match.start()]}[{lanes[0]}]{text[match.end() :]}"
        else:
            numbers = ", ".join(map(str, lanes))
            text = f"{text[:begin]}spv_lanes<{numbers}>({base}){text[match.end() :]}"
            at = begin
    return text


def start_of_postfix(text, end):
    """Where `name[...](...).member` begins that ends at `end`."""
    place = end
    while place > 0:
        if text[place - 1] in ")]":
            place = matching(text, place - 1)
        elif re.match(r"[\w.]", text[place - 1]):
            place -= 1
        else:
            break
    return place


def struct_text(constants, derived, group_size, body):
    members = "".join(f"const {kind} {name};\n" for kind, name, _ in constants)
    members += "".join(f"const {kind} {name} = {value};\n" for kind, name, value in derived)
    values = ", ".join(f"{name}({value})" for _, name, value in constants)
    constructor = "SHADER explicit Kernel([[maybe_unused]] const uint* c)"
    constructor += f" : {values} {{}}\n" if values else " {}\n"
    size = f"SHADER uint3 group_size() const {{ return {group_size}; }}\n"
    return f"struct Kernel {{\n{members}{constructor}{size}{body}\n}};"


def header(name, title, struct):
    return f"""// Generated from {title} by shaders/compile.py.
#pragma once

#include "shaders/cpu/metal.h"

namespace pumice::kernels::PUMICE_CPU_SET::{name}_form {{

using namespace metal;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-variable"
{struct}
#pragma GCC diagnostic pop

}}  // namespace pumice::kernels::PUMICE_CPU_SET::{name}_form
"""


def source(name, title, arguments):
    return f"""// Generated from {title} by shaders/compile.py.
#include "cpu/{name}.h"

namespace pumice::kernels::PUMICE_CPU_SET {{

void {name}(const hal::CpuCall& call, uint32_t first, uint32_t last) {{
  using namespace {name}_form;
  Kernel kernel(call.constants);
  [[maybe_unused]] Kernel::Params params;
  if constexpr (sizeof(params) > 1) __builtin_memcpy(&params, call.params, sizeof(params));
  run(call, kernel.group_size(), first, last, [&]([[maybe_unused]] const Thread& thread) SHADER_LAMBDA {{
    kernel.main0({", ".join(arguments)});
  }});
}}

}}  // namespace pumice::kernels::PUMICE_CPU_SET
"""
