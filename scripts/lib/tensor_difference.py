"""Says how the tensors of two safetensors files differ:
    tensor_difference.py A B
"""
import json
import pathlib
import struct
import sys


def tensors(path):
    """{name: its numbers}, and the metadata."""
    data = pathlib.Path(path).read_bytes()
    begin = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:begin])
    metadata = header.pop("__metadata__", {})
    return {name: numbers(data[begin:], entry) for name, entry in header.items()}, metadata


def numbers(data, entry):
    first, end = entry["data_offsets"]
    letter, size = {"F16": ("e", 2), "F32": ("f", 4)}[entry["dtype"]]
    return struct.unpack(f"<{(end - first) // size}{letter}", data[first:end])


def main(path, other):
    (ours, about), (theirs, about_theirs) = tensors(path), tensors(other)
    if ours.keys() != theirs.keys():
        sys.exit(f"{path} and {other} have different tensors")
    pairs = [pair for name in ours for pair in zip(ours[name], theirs[name])]
    differing = sum(a != b for a, b in pairs)
    largest = max(abs(a - b) for a, b in pairs)
    print(f"{pathlib.Path(path).name}: {differing} of {len(pairs)} numbers differ, by at most {largest:.3g} "
          f"(largest number {max(abs(a) for a, _ in pairs):.3g})")
    keys = [key for key in sorted(about.keys() | about_theirs.keys())
            if key != "pumice.checksum" and about.get(key) != about_theirs.get(key)]
    if keys:
        print(f"  in the metadata differ: {', '.join(keys)}")


main(*sys.argv[1:])
