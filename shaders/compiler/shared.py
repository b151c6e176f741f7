"""Generates C++ declarations of enumerations and constants in shaders.

A comment in a shader or an include file begins a list; a line that is not a constant ends it:

    // C++ enum Decay: how a learning rate falls.
    const uint kNone = 0u;
    const uint kCosine = 1u;  // from 1 to `factor`

generates `enum class Decay`, whose numbers must be 0, 1, 2 ..., and kNames<Decay>: "none",
"cosine". `// C++ constants: ...` generates a constexpr for each constant; their names must be
unique across all shaders.
"""

import re
from dataclasses import dataclass

from . import CompileError
from .reflect import field_name

LIST = re.compile(r"// C\+\+ (?:enum (?P<name>[A-Z]\w*)|constants): (?P<what>.*)")
CONSTANT = re.compile(r"const uint (?P<name>k[A-Z]\w*) = (?P<value>\d+)u;(?: *// (?P<what>.*))?")


@dataclass
class Constant:
    name: str
    value: int
    what: str


@dataclass
class List:
    place: str  # file and line, for errors
    name: str  # the enumeration's; empty for constants
    what: list  # the comment's lines
    constants: list


def header(folder):
    lists = [found for path in sources(folder) for found in read_lists(path, folder)]
    check_names_differ(lists)
    texts = [enum_text(found) if found.name else constants_text(found) for found in lists]
    return HEAD + "\n".join(texts) + "\n}  // namespace pumice::kernels\n"


HEAD = """// Generated from the shaders by shaders/compile.py.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pumice::kernels {

/// The names of an enumeration's values in snake_case, in the order of their numbers.
template <typename Enum>
inline constexpr std::array<std::string_view, 0> kNames{};

template <typename Enum>
constexpr std::string_view name_of(Enum value) {
  return kNames<Enum>[static_cast<uint32_t>(value)];
}

"""


def sources(folder):
    return sorted(path for suffix in ("comp", "glsl") for path in folder.rglob(f"*.{suffix}"))


def read_lists(path, folder):
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        begin = LIST.fullmatch(line)
        if begin:
            title = path.relative_to(folder.parent).as_posix()
            yield read_list(f"{title}:{number + 1}", begin, lines[number + 1 :])


def read_list(place, begin, lines):
    what, constants = [begin["what"]], []
    while lines and lines[0].startswith("// "):
        what.append(lines.pop(0)[3:])
    while lines and (constant := CONSTANT.fullmatch(lines[0])):
        constants.append(Constant(constant["name"], int(constant["value"]), constant["what"] or ""))
        lines.pop(0)
    if not constants:
        raise CompileError(f"{place}: expected lines like 'const uint kName = 0u;' below")
    name = begin["name"] or ""
    if name and [constant.value for constant in constants] != list(range(len(constants))):
        raise CompileError(f"{place}: enum {name}: expected the numbers 0, 1, 2 ... in this order")
    return List(place, name, what, constants)


def check_names_differ(lists):
    seen = {}
    for found in lists:
        for name in [found.name] if found.name else [c.name for c in found.constants]:
            if name in seen:
                raise CompileError(f"{found.place}: {name} is also declared in {seen[name]}")
            seen[name] = found.place


def enum_text(found):
    rows = "".join(row_text(c.name, c.value, ",", c.what) for c in found.constants)
    names = "".join(f'    "{field_name(c.name)}",\n' for c in found.constants)
    return f"""{comment(found)}enum class {found.name} : uint32_t {{
{rows}}};
template <>
inline constexpr std::array<std::string_view, {len(found.constants)}> kNames<{found.name}> = {{
{names}}};
"""


def row_text(name, value, end, what):
    return f"  {name} = {value}{end}" + (f"  ///< {what}\n" if what else "\n")


def constants_text(found):
    rows = [f"inline constexpr uint32_t {c.name} = {c.value};\n" for c in found.constants]
    return comment(found) + "".join(rows)


def comment(found):
    lines = [found.what[0][0].upper() + found.what[0][1:], *found.what[1:]]
    return f"// {found.place.split(':')[0]}\n" + "".join(f"/// {line}\n" for line in lines)
