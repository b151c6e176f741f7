"""Reads a SPIR-V module into tables, as far as a kernel's description needs it.

Numbers are those of the SPIR-V specification, version 1.6, section 3.
"""

import struct
from collections import defaultdict
from dataclasses import dataclass, field

from . import CompileError

MAGIC = 0x07230203

CAPABILITIES = {
    1: "Shader", 9: "Float16", 10: "Float64", 11: "Int64", 22: "Int16",
    46: "SampledBuffer", 61: "GroupNonUniform", 62: "GroupNonUniformVote",
    63: "GroupNonUniformArithmetic", 64: "GroupNonUniformBallot", 65: "GroupNonUniformShuffle",
    66: "GroupNonUniformShuffleRelative", 67: "GroupNonUniformClustered",
    5345: "VulkanMemoryModel", 6022: "CooperativeMatrixKHR",
}

DECORATION = {
    "SpecId": 1, "BuiltIn": 11, "NonWritable": 24, "NonReadable": 25, "Binding": 33,
    "DescriptorSet": 34,
}
WORKGROUP_SIZE = 25  # the BuiltIn

UNIFORM_CONSTANT, UNIFORM, WORKGROUP, PUSH_CONSTANT, STORAGE_BUFFER = 0, 2, 4, 9, 12
LOCAL_SIZE = 17  # the execution mode
DIM_BUFFER = 5


@dataclass
class Type:
    kind: str  # bool int uint float vector matrix array runtime_array struct pointer image other
    width: int = 0  # bits of a scalar
    of: int = 0  # the id of the element or pointee
    count: int = 0  # for vectors and matrices; for arrays, the id of a constant
    members: list = field(default_factory=list)
    storage: int = 0  # for pointers
    dimension: int = 0  # for images


@dataclass
class Constant:
    type: int
    words: list
    specialized: bool
    operation: int = 0  # the opcode of an OpSpecConstantOp


@dataclass
class Variable:
    id: int
    type: int  # the pointer's
    storage: int


class Module:
    def __init__(self, data: bytes):
        self.names = {}
        self.member_names = {}
        self.decorations = defaultdict(dict)
        self.member_decorations = defaultdict(dict)
        self.types = {}
        self.constants = {}
        self.composites = {}
        self.variables = []
        self.capabilities = []
        self.local_size = [1, 1, 1]
        self.has_barriers = False
        for opcode, words in instructions(data):
            reader = READERS.get(opcode)
            if reader:
                reader(self, words)

    def decoration(self, id, name, default=None):
        """The decoration's operand (True if it has none), or `default`."""
        return self.decorations[id].get(DECORATION[name], default)

    def member_has(self, id, member, name):
        return DECORATION[name] in self.member_decorations[id, member]


def instructions(data):
    """Yields (opcode, operands)."""
    words = struct.unpack(f"<{len(data) // 4}I", data)
    if len(words) < 5 or words[0] != MAGIC:
        raise CompileError("expected a SPIR-V module, got something else")
    position = 5
    while position < len(words):
        count, opcode = words[position] >> 16, words[position] & 0xFFFF
        yield opcode, list(words[position + 1 : position + count])
        position += count


def text(words):
    """A literal string: UTF-8, ended by a zero byte."""
    return struct.pack(f"<{len(words)}I", *words).split(b"\0", 1)[0].decode()


def read_execution_mode(module, words):
    if words[1] == LOCAL_SIZE:
        module.local_size = words[2:5]


def read_barrier(module, words):
    module.has_barriers = True


def read_decorate(module, words):
    module.decorations[words[0]][words[1]] = words[2] if len(words) > 2 else True


def read_member_decorate(module, words):
    key = words[0], words[1]
    module.member_decorations[key][words[2]] = words[3] if len(words) > 3 else True


def constant(specialized, value=None):
    def read(module, words):
        literal = words[2:] if value is None else [value]
        module.constants[words[1]] = Constant(words[0], literal, specialized)

    return read


def read_constant_operation(module, words):
    module.constants[words[1]] = Constant(words[0], words[3:], False, operation=words[2])


def read_composite(module, words):
    module.composites[words[1]] = words[2:]


def read_variable(module, words):
    module.variables.append(Variable(words[1], words[0], words[2]))


def a_type(make):
    def read(module, words):
        module.types[words[0]] = make(words)

    return read


READERS = {
    5: lambda module, words: module.names.update({words[0]: text(words[1:])}),
    6: lambda module, words: module.member_names.update({(words[0], words[1]): text(words[2:])}),
    16: read_execution_mode,
    17: lambda module, words: module.capabilities.append(words[0]),
    20: a_type(lambda w: Type("bool", width=32)),
    21: a_type(lambda w: Type("int" if w[2] else "uint", width=w[1])),
    22: a_type(lambda w: Type("float", width=w[1])),
    23: a_type(lambda w: Type("vector", of=w[1], count=w[2])),
    24: a_type(lambda w: Type("matrix", of=w[1], count=w[2])),
    25: a_type(lambda w: Type("image", of=w[1], dimension=w[2])),
    27: a_type(lambda w: Type("sampled_image", of=w[1])),
    28: a_type(lambda w: Type("array", of=w[1], count=w[2])),
    29: a_type(lambda w: Type("runtime_array", of=w[1])),
    30: a_type(lambda w: Type("struct", members=w[1:])),
    32: a_type(lambda w: Type("pointer", storage=w[1], of=w[2])),
    41: constant(False, 1),
    42: constant(False, 0),
    43: constant(False),
    48: constant(True, 1),
    49: constant(True, 0),
    50: constant(True),
    44: read_composite,
    51: read_composite,
    52: read_constant_operation,
    59: read_variable,
    71: read_decorate,
    72: read_member_decorate,
    224: read_barrier,
}
