"""Turns OpSpecConstantOp into ordinary instructions, for tools that know only plain constants.

glslang folds `kTransposeA != 0u` into a separate constant, which naga rejects. Instead, each
function that uses one computes it at its start, where it is uniform across threads, as WGSL
requires. Numbers are those of the SPIR-V specification, version 1.6, section 3.
"""

import struct

from . import CompileError
from .spirv import MAGIC, instructions

NAME, SPEC_CONSTANT_OPERATION = 5, 52
ARRAY, CONSTANT_COMPOSITE, SPEC_CONSTANT_COMPOSITE = 28, 44, 51
FUNCTION, FUNCTION_END, VARIABLE, LABEL, LINE, NO_LINE = 54, 56, 59, 248, 8, 317
EXTENDED, SWITCH, LOOP_MERGE, SELECTION_MERGE = 12, 251, 246, 247
HEADER_WORDS, BOUND = 5, 3  # BOUND: the index of the id bound in the header
# In loads, stores, shuffles, extracts and inserts, literals, which must not be renamed, follow this
# many words of ids.
WORDS_OF_IDS = {61: 3, 62: 2, 79: 4, 81: 3, 82: 4}


def lower_constants(data: bytes) -> bytes:
    header = list(struct.unpack(f"<{HEADER_WORDS}I", data[: 4 * HEADER_WORDS]))
    code = list(instructions(data))
    operations = {words[1]: words for opcode, words in code if opcode == SPEC_CONSTANT_OPERATION}
    if header[0] != MAGIC or not operations:
        return data
    check_types_use_none(code, operations)
    result, function = [], []
    for opcode, words in code:
        if opcode == SPEC_CONSTANT_OPERATION or is_name_of(opcode, words, operations):
            continue
        target = function if opcode == FUNCTION or function else result
        target.append((opcode, words))
        if opcode == FUNCTION_END:
            result += lower_function(function, operations, header)
            function = []
    return assemble(header, result)


def is_name_of(opcode, words, operations):
    return opcode == NAME and words[0] in operations


def check_types_use_none(code, operations):
    """An array's length cannot move into a function."""
    for opcode, words in code:
        if opcode == FUNCTION:
            return
        is_size = opcode in (ARRAY, CONSTANT_COMPOSITE, SPEC_CONSTANT_COMPOSITE)
        if is_size and any(word in operations for word in words[1:]):
            raise CompileError("a size computed from a specialization constant has no WGSL form")


def lower_function(function, operations, header):
    used = needed_operations(function, operations)
    if not used:
        return function
    fresh = {}
    for id in used:
        fresh[id] = header[BOUND]
        header[BOUND] += 1
    computed = [instruction_of(operations[id], fresh) for id in used]
    start = first_after_variables(function)
    body = [(opcode, rename(opcode, words, fresh)) for opcode, words in function]
    return body[:start] + computed + body[start:]


def needed_operations(function, operations):
    """Ids in module order, so that operands come before the ids computed from them."""
    needed = set()
    for opcode, words in function:
        used = (words[place] for place in id_places(opcode, words))
        needed.update(id for id in used if id in operations)
    for id in reversed(list(operations)):
        if id in needed:
            needed.update(word for word in operations[id][3:] if word in operations)
    return [id for id in operations if id in needed]


def instruction_of(words, fresh):
    type, id, opcode, *operands = words
    return opcode, [type, fresh[id], *(fresh.get(operand, operand) for operand in operands)]


def first_after_variables(function):
    index = next(i for i, (opcode, _) in enumerate(function) if opcode == LABEL) + 1
    while function[index][0] in (VARIABLE, LINE, NO_LINE):
        index += 1
    return index


def rename(opcode, words, fresh):
    words = list(words)
    for place in id_places(opcode, words):
        words[place] = fresh.get(words[place], words[place])
    return words


def id_places(opcode, words):
    """The indices of an instruction's operands that are ids."""
    if opcode == SWITCH:  # OpSwitch: selector, default, then pairs of a literal and a label
        return [0]
    if opcode in (LINE, NO_LINE, LOOP_MERGE, SELECTION_MERGE):  # merges: labels and literals
        return []
    if opcode == EXTENDED:  # OpExtInst: type, result, set, a literal, operands
        return range(4, len(words))
    return range(min(len(words), WORDS_OF_IDS.get(opcode, len(words))))


def assemble(header, code):
    words = list(header)
    for opcode, operands in code:
        words += [(len(operands) + 1) << 16 | opcode, *operands]
    return struct.pack(f"<{len(words)}I", *words)
