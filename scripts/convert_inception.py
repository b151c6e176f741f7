#!/usr/bin/env python3
"""Converts published weights of Inception-v3 for `pumice evaluate --extractor inception:FILE`.

usage: convert_inception.py STATE_DICT.pth OUTPUT.safetensors        (needs PyTorch)

Reads the state dict of pytorch-fid (pt_inception-2015-12-05-6726825d.pth: the network that FID was
defined with) or of torchvision (inception_v3_google-….pth), and tells them apart by their classes.
docs/evaluation.md says where they are.
"""

import json
import math
import pathlib
import sys

STEM = "Conv2d_1a_3x3 Conv2d_2a_3x3 Conv2d_2b_3x3 Conv2d_3b_1x1 Conv2d_4a_3x3"
BRANCHES = {  # of each kind of block
    "5b 5c 5d": "1x1 5x5_1 5x5_2 3x3dbl_1 3x3dbl_2 3x3dbl_3 _pool",
    "6a": "3x3 3x3dbl_1 3x3dbl_2 3x3dbl_3",
    "6b 6c 6d 6e": "1x1 7x7_1 7x7_2 7x7_3 7x7dbl_1 7x7dbl_2 7x7dbl_3 7x7dbl_4 7x7dbl_5 _pool",
    "7a": "3x3_1 3x3_2 7x7x3_1 7x7x3_2 7x7x3_3 7x7x3_4",
    "7b 7c": "1x1 3x3_1 3x3_2a 3x3_2b 3x3dbl_1 3x3dbl_2 3x3dbl_3a 3x3dbl_3b _pool",
}
VARIANTS = {1008: "fid", 1000: "torchvision"}  # by their classes


def main(arguments):
    if len(arguments) != 2:
        sys.exit("usage: convert_inception.py STATE_DICT.pth OUTPUT.safetensors")
    source, target = arguments
    try:
        tensors, variant = select(read_state_dict(source))
    except (ValueError, OSError) as error:
        sys.exit(f"{source}: {getattr(error, 'strerror', None) or error}")
    write_safetensors(target, tensors, {"format": "inception-v3", "variant": variant})
    print(f"{target}: Inception-v3, {variant}, {len(tensors)} tensors")


def read_state_dict(path):
    """{name: (shape, little-endian float32 bytes)}"""
    import torch

    with open(path, "rb") as file:
        try:
            state = torch.load(file, map_location="cpu", weights_only=True)
        except Exception as error:  # torch raises different types for different files
            raise ValueError("expected a PyTorch state dict, found something else") from error
    if not isinstance(state, dict) or not all(map(torch.is_tensor, state.values())):
        raise ValueError(f"expected a PyTorch state dict, found a {type(state).__name__}")
    return {name: (list(tensor.shape), tensor.float().contiguous().numpy().astype("<f4").tobytes())
            for name, tensor in state.items()}


def select(state):
    """The tensors of the state that the network needs, and its variant."""
    missing = [name for name in tensor_names() if name not in state]
    if missing:
        raise ValueError("expected a state dict of Inception-v3 as in torchvision and pytorch-fid: "
                         f"{len(missing)} of {len(tensor_names())} tensors are missing, the first "
                         f"is {missing[0]}")
    classes = state["fc.weight"][0][0]
    if classes not in VARIANTS:
        raise ValueError("expected 1008 classes (pytorch-fid) or 1000 (torchvision), "
                         f"found {classes}")
    return {name: state[name] for name in tensor_names()}, VARIANTS[classes]


def tensor_names():
    convolutions = STEM.split()
    for blocks, branches in BRANCHES.items():
        convolutions += [f"Mixed_{block}.branch{branch}"
                         for block in blocks.split() for branch in branches.split()]
    parts = ["conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"]
    names = [f"{convolution}.{part}" for convolution in convolutions for part in parts]
    return names + ["fc.weight", "fc.bias"]


def write_safetensors(path, tensors, metadata):
    """https://huggingface.co/docs/safetensors: length of the header, header, bytes."""
    header, end = {"__metadata__": metadata}, 0
    for name, (shape, values) in tensors.items():
        if len(values) != 4 * math.prod(shape):
            raise ValueError(f"{name}: {len(values)} bytes do not fit {shape}")
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + len(values)]}
        end += len(values)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with pathlib.Path(path).open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _, values in tensors.values():
            file.write(values)


if __name__ == "__main__":
    main(sys.argv[1:])
