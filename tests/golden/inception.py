#!/usr/bin/env python3
"""Writes inception.json: Inception-v3 with made-up weights in torchvision, to compare with.

Nothing is random: weights and images come from formula.py, as in C++ from formula.h. The salt of
each tensor is the 32-bit FNV-1a hash of its name:

    ….conv.weight, fc.weight   weight(i, salt, fan_in)
    others                     least + width * uniform(i, salt), see RANGES
    images                     2 * pixel(i, SALT) - 1, i counting [batch, height, width, 3]

"torchvision" is its inception_v3; "fid" the same with the blocks that pytorch-fid replaces
(https://github.com/mseitzer/pytorch-fid, src/pytorch_fid/inception.py: FIDInceptionA, FIDInceptionC,
FIDInceptionE_1, FIDInceptionE_2), reimplemented here. Both are computed in float64.

"resize" has elements of images resized by PIL in its mode "F", bicubic, as clean-fid does.
"""

import json
import pathlib
import re

import formula
import numpy
import torch
import torch.nn.functional as F
import torchvision
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
IMAGES = [2, 107, 83, 3]  # the smallest last block that is not a single pixel: 2 x 1
SALT = 1000
ELEMENTS = 8
RESIZED = [[28, 28, 1], [5, 7, 3], [299, 64, 1], [331, 500, 3]]


def main():
    document = {
        "pictures": {"shape": IMAGES, "salt": SALT},
        "torchvision": golden_network(torchvision_network(1000)),
        "fid": golden_network(fid_network()),
        "resize": [golden_resize(shape) for shape in RESIZED],
    }
    (HERE / "inception.json").write_text(readable(json.dumps(document, indent=1)) + "\n")


def readable(text):
    """Puts each innermost list or object on one line."""
    return re.sub(r"[\[{][^\[\]{}]*[\]}]", lambda match: " ".join(match.group().split()), text)


def torchvision_network(classes):
    network = torchvision.models.inception_v3(
        weights=None, num_classes=classes, aux_logits=False, init_weights=False)
    for name, tensor in network.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            tensor.copy_(torch.from_numpy(formula_values(name, list(tensor.shape))))
    return network.double().eval()


RANGES = {  # least value, width
    "bn.weight": (0.75, 0.5),
    "bn.bias": (-0.25, 0.5),
    "bn.running_mean": (-0.25, 0.5),
    "bn.running_var": (0.5, 1),
    "fc.bias": (-1, 2),
}


def formula_values(name, shape):
    index, salt = numpy.arange(numpy.prod(shape)), fnv1a(name)
    kind = ".".join(name.split(".")[-2:])
    if kind in RANGES:
        least, width = RANGES[kind]
        values = least + width * formula.uniform(index, salt)
    else:
        values = formula.weight(index, salt, int(numpy.prod(shape[1:])))
    return values.astype(numpy.float32).reshape(shape)


def fnv1a(text):
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def fid_network():
    """torchvision's network, with averages that exclude padding and a maximum in the last block."""
    network = torchvision_network(1008)
    for name, block in network.named_children():
        if re.match("Mixed_(5|6[b-e]|7[bc])", name):
            block.forward = fid_forward(block, fid_pool(name))
    return network


def fid_pool(name):
    if name == "Mixed_7c":
        return lambda x: F.max_pool2d(x, kernel_size=3, stride=1, padding=1)
    return lambda x: F.avg_pool2d(x, kernel_size=3, stride=1, padding=1, count_include_pad=False)


def fid_forward(block, pool):
    def chain(x, *names):
        for name in names:
            x = getattr(block, name)(x)
        return x

    def fork(x, *names):
        return torch.cat([chain(x, name) for name in names], 1)

    def block_a(x):
        return [chain(x, "branch1x1"), chain(x, "branch5x5_1", "branch5x5_2"),
                chain(x, "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"),
                chain(pool(x), "branch_pool")]

    def block_c(x):
        return [chain(x, "branch1x1"), chain(x, "branch7x7_1", "branch7x7_2", "branch7x7_3"),
                chain(x, *(f"branch7x7dbl_{i}" for i in range(1, 6))),
                chain(pool(x), "branch_pool")]

    def block_e(x):
        return [chain(x, "branch1x1"),
                fork(chain(x, "branch3x3_1"), "branch3x3_2a", "branch3x3_2b"),
                fork(chain(x, "branch3x3dbl_1", "branch3x3dbl_2"),
                     "branch3x3dbl_3a", "branch3x3dbl_3b"),
                chain(pool(x), "branch_pool")]

    branches = {"InceptionA": block_a, "InceptionC": block_c, "InceptionE": block_e}
    of_this = branches[type(block).__name__]
    return lambda x: torch.cat(of_this(x), 1)


def golden_network(network):
    index = numpy.arange(numpy.prod(IMAGES))
    images = 2 * formula.pixel(index, SALT).reshape(IMAGES).astype(numpy.float64) - 1
    outputs = {}

    def keep(name):
        return lambda module, inputs, output: outputs.__setitem__(name, output)

    for name, module in network.named_children():
        if re.match("Conv2d|maxpool|Mixed|fc", name):
            module.register_forward_hook(keep(name))
    network.fc.register_forward_pre_hook(
        lambda module, inputs: outputs.__setitem__("features", inputs[0]))
    with torch.no_grad():
        network(torch.from_numpy(images).permute(0, 3, 1, 2).contiguous())
    unbiased = outputs["features"] @ network.fc.weight.detach().T
    outputs["probabilities"] = torch.softmax(unbiased if len(network.fc.bias) == 1008 else
                                             outputs["fc"], 1)
    return {name: summary(value) for name, value in outputs.items()}


def summary(value):
    """Moments and some elements of a tensor, with the channels of images last."""
    array = (value.permute(0, 2, 3, 1) if value.dim() == 4 else value).contiguous().numpy()
    return {"shape": list(array.shape), "mean": float(array.mean()),
            "deviation": float(array.std()), "elements": elements(array)}


def elements(array):
    flat = array.reshape(-1)
    places = numpy.linspace(0, len(flat) - 1, ELEMENTS).astype(int)
    return [{"index": int(i), "value": float(flat[i])} for i in places]


def golden_resize(shape):
    salt = SALT + 1
    images = numpy.round(255 * formula.pixel(numpy.arange(numpy.prod(shape)), salt))
    images = images.astype(numpy.float32).reshape(shape)
    channels = [Image.fromarray(images[:, :, c], mode="F").resize((299, 299), Image.BICUBIC)
                for c in range(shape[2])]
    resized = numpy.stack([numpy.asarray(channel) for channel in channels], 2)
    return {"shape": shape, "salt": salt, "mean": float(resized.astype(numpy.float64).mean()),
            "least": float(resized.min()), "largest": float(resized.max()),
            "elements": elements(resized)}


if __name__ == "__main__":
    main()
