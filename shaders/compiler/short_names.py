"""Short names in WGSL, for the page.

naga numbers the values of a whole module, so that one GLSL function has other names in every kernel. Here each
function names its own a, b, c, …: it is the same text everywhere, which compresses well. Functions have the names
that they have in GLSL, without the types of their parameters.
"""

import itertools
import re
import string

NAME = r"[A-Za-z_]\w*"
# Not a member, part of a number, or the value of an attribute.
USE = re.compile(rf"(?<![.\w])(?<!builtin\(){NAME}")

# The words of WGSL without digits of up to three letters: keywords, reserved words, functions
# (https://www.w3.org/TR/WGSL/, sections 15.1, 15.2 and 17).
SHORT_WORDS = frozenset(
    "as asm do fn for get if let mod mut new nil of pub ref set std try use var "
    "abs all any cos dot exp fma log max min mix pow sin tan".split())


def short_names(wgsl):
    """`wgsl`, a module as naga writes it, with other names."""
    wgsl = rename(wgsl, function_names(wgsl))
    declarations, *functions = re.split(r"(?m)^(?=fn )", wgsl)
    taken = SHORT_WORDS | set(re.findall(rf"(?m)^(?:@.*\) )?(?:fn|struct|const|override|var(?:<.*?>)?) ({NAME})", wgsl))
    return declarations + "".join(rename(function, local_names(function, taken)) for function in functions)


def rename(text, names):
    return USE.sub(lambda use: names.get(use[0], use[0]), text)


def function_names(wgsl):
    """{"is_nan_u0028_vf4_u003b": "is_nan"}, with numbers where that name is used already."""
    taken = set(re.findall(NAME, wgsl))
    names = {}
    for mangled in re.findall(rf"(?m)^fn ({NAME}_u0028_\w*)", wgsl):
        base = mangled.split("_u0028_")[0]
        numbered = (f"{base}_{number}" for number in itertools.count(2))
        names[mangled] = next(name for name in itertools.chain([base], numbered) if name not in taken)
        taken.add(names[mangled])
    return names


def local_names(function, taken):
    """{"_e77": "a"} for the parameters, variables and values of a function, none of them in `taken`."""
    head, body = function.split("{", 1)
    declared = re.findall(rf"(?<=[(, ])({NAME}): ", head) + re.findall(rf"\b(?:let|var|const) ({NAME})", body)
    free = (name for name in all_names() if name not in taken)
    return dict(zip(dict.fromkeys(declared), free))


def all_names():
    """a, b, …, z, A, …, Z, aa, …"""
    for length in itertools.count(1):
        for letters in itertools.product(string.ascii_letters, repeat=length):
            yield "".join(letters)
