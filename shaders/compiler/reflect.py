"""Reads from a SPIR-V module its bindings, params, constants, group size and shared memory."""

import re
from dataclasses import dataclass

from . import CompileError
from . import spirv

MAX_PARAMS_BYTES = 64
FEATURES = {  # SPIR-V capability -> hal::Feature, or None if every device has it
    "Shader": None,
    "GroupNonUniform": None,
    "GroupNonUniformShuffle": "kSubgroupShuffle",
    "SampledBuffer": "kTexelBuffer",
    "Float16": "kCooperativeMatrix",  # the feature includes what its kernels need besides
    "VulkanMemoryModel": "kCooperativeMatrix",
    "CooperativeMatrixKHR": "kCooperativeMatrix",
}


@dataclass
class Field:
    name: str
    type: str  # uint, int or float
    default: int = 0  # the bits


@dataclass
class Reflection:
    bindings: list  # of hal::Access names
    params: list  # of Field
    constants: list  # of Field
    group_size: list
    shared_bytes: int
    features: list  # of hal::Feature names
    has_barriers: bool


def reflect(data: bytes) -> Reflection:
    module = spirv.Module(data)
    return Reflection(
        bindings=find_bindings(module),
        params=find_params(module),
        constants=find_constants(module),
        group_size=find_group_size(module),
        shared_bytes=sum(
            size_of(module, pointee(module, variable))
            for variable in module.variables
            if variable.storage == spirv.WORKGROUP
        ),
        features=find_features(module),
        has_barriers=module.has_barriers,
    )


def pointee(module, variable):
    return module.types[variable.type].of


def find_bindings(module):
    found = {}
    for variable in module.variables:
        slot = module.decoration(variable.id, "Binding")
        if slot is None:
            continue
        if module.decoration(variable.id, "DescriptorSet") != 0:
            raise CompileError(f"binding {slot}: expected set 0")
        if slot in found:
            raise CompileError(f"binding {slot} is declared twice")
        found[slot] = access(module, variable, slot)
    return gap_free(found, "binding")


def access(module, variable, slot):
    type_id = pointee(module, variable)
    type = module.types[type_id]
    if variable.storage == spirv.STORAGE_BUFFER:
        return storage_access(module, variable.id, type_id, len(type.members))
    if type.kind == "sampled_image":  # samplerBuffer: the older form of textureBuffer
        type = module.types[type.of]
    if type.kind == "image" and type.dimension == spirv.DIM_BUFFER:
        return "kTexel"
    raise CompileError(f"binding {slot}: expected a storage buffer or a textureBuffer")


def storage_access(module, variable_id, type_id, member_count):
    def all_members_are(name):
        return module.decoration(variable_id, name) is not None or all(
            module.member_has(type_id, member, name) for member in range(member_count)
        )

    if all_members_are("NonWritable"):
        return "kRead"
    return "kWrite" if all_members_are("NonReadable") else "kReadWrite"


def gap_free(found, what):
    """The values sorted by their numbers, which must be 0, 1, 2 ..."""
    for number in range(len(found)):
        if number not in found:
            raise CompileError(
                f"{what} {number} is missing or unused, expected the numbers 0 to {max(found)}"
            )
    return [found[number] for number in range(len(found))]


def find_params(module):
    blocks = [v for v in module.variables if v.storage == spirv.PUSH_CONSTANT]
    if not blocks:
        return []
    struct_id = pointee(module, blocks[0])
    fields = [
        params_field(module, module.member_names[struct_id, index], type_id)
        for index, type_id in enumerate(module.types[struct_id].members)
    ]
    if 4 * len(fields) > MAX_PARAMS_BYTES:
        raise CompileError(
            f"params have {4 * len(fields)} bytes, expected at most {MAX_PARAMS_BYTES}"
        )
    return fields


def params_field(module, name, type_id):
    type = module.types[type_id]
    if type.kind not in ("uint", "int", "float") or type.width != 32:
        raise CompileError(f"param {name}: expected uint, int or float, got {type.kind}")
    return Field(name, type.kind)


def find_constants(module):
    found = {}
    for id, constant in module.constants.items():
        number = module.decoration(id, "SpecId")
        if number is not None:
            add_constant(found, number, constant_field(module, id, constant, number))
    return gap_free(found, "specialization constant")


def constant_field(module, id, constant, number):
    type = module.types[constant.type]
    name = field_name(module.names.get(id, ""))
    if type.kind not in ("uint", "int", "float") or type.width != 32:
        raise CompileError(
            f"specialization constant {number}: expected uint, int or float, got {type.kind}"
        )
    return Field(name, type.kind, constant.words[0])


def add_constant(found, number, field):
    # A constant that is also local_size_x_id appears twice, only once with a name.
    other = found.get(number, field)
    if other.default != field.default:
        raise CompileError(
            f"specialization constant {number}: two defaults, {other.default} and {field.default};"
            " write local_size_x beside local_size_x_id"
        )
    name = other.name or field.name or f"constant_{number}"
    if other.name == f"constant_{number}":
        name = field.name or name
    found[number] = Field(name, field.type, field.default)


def field_name(name):
    """kTileRows -> tile_rows; other names are unchanged."""
    if not re.match("k[A-Z]", name):
        return name
    return re.sub("(?<!^)([A-Z])", r"_\1", name[1:]).lower()


def find_group_size(module):
    for id, parts in module.composites.items():
        if module.decoration(id, "BuiltIn") == spirv.WORKGROUP_SIZE:
            return [evaluate(module, part) for part in parts]
    return module.local_size


OPERATIONS = {  # the opcodes of OpSpecConstantOp that array sizes may use
    128: lambda a, b: a + b,
    130: lambda a, b: a - b,
    132: lambda a, b: a * b,
    134: lambda a, b: a // b,
    137: lambda a, b: a % b,
    169: lambda condition, a, b: a if condition else b,
    170: lambda a, b: int(a == b),
    174: lambda a, b: int(a >= b),
    194: lambda a, b: a >> b,
    196: lambda a, b: a << b,
}


def evaluate(module, id):
    """An integer constant's value, with all specialization constants at their defaults."""
    constant = module.constants[id]
    if not constant.operation:
        return constant.words[0]
    if constant.operation not in OPERATIONS:
        raise CompileError("a size is computed by an operation other than + - * / % << >> == >= ?:")
    return OPERATIONS[constant.operation](*(evaluate(module, word) for word in constant.words))


def alignment_of(module, type_id):
    type = module.types[type_id]
    if type.kind in ("bool", "int", "uint", "float"):
        return type.width // 8
    if type.kind == "struct":
        return max(alignment_of(module, member) for member in type.members)
    element = alignment_of(module, type.of)
    return element * (4 if type.count == 3 else type.count) if type.kind == "vector" else element


def size_of(module, type_id):
    """Bytes of shared memory, in the layout that WGSL prescribes and drivers use (std430)."""
    type = module.types[type_id]
    if type.kind in ("bool", "int", "uint", "float"):
        return type.width // 8
    if type.kind == "vector":
        return type.count * size_of(module, type.of)
    if type.kind == "struct":
        return struct_size(module, type)
    count = evaluate(module, type.count) if type.kind == "array" else type.count
    return count * round_up(size_of(module, type.of), alignment_of(module, type.of))


def struct_size(module, type):
    end = 0
    for member in type.members:
        end = round_up(end, alignment_of(module, member)) + size_of(module, member)
    return round_up(end, max(alignment_of(module, member) for member in type.members))


def round_up(value, multiple):
    return (value + multiple - 1) // multiple * multiple


def find_features(module):
    features = []
    for number in module.capabilities:
        name = spirv.CAPABILITIES.get(number, f"number {number}")
        if name not in FEATURES:
            expected = ", ".join(FEATURES)
            raise CompileError(f"needs the capability {name}, expected only {expected}")
        if FEATURES[name] and FEATURES[name] not in features:
            features.append(FEATURES[name])
    return features
