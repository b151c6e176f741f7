#!/usr/bin/env python3
"""Times one product of a convolutional layer in PyTorch for interleave.py; see ../conv.cpp.

    conv_torch.py --layer "tconv 128 128 k4 s2 14" --product weight
"""

import argparse
import os
import sys
import time

# Waiting threads spin, which would count as work.
if "--processor-time" in sys.argv:
    os.environ["OMP_NUM_THREADS"] = "1"
# The settings under which PyTorch was fastest on two CPU cores (see ../README.md).
os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import step_server  # noqa: E402
import torch  # noqa: E402
from torch.nn import functional  # noqa: E402

PRODUCTS = ("forward", "input", "weight", "bias")


def main():
    arguments = parse_arguments()
    torch.set_flush_denormal(True)
    torch.set_grad_enabled(False)
    product = make_product(arguments)

    def run(count):
        for _ in range(count):
            product()

    step_server.serve(run, time.process_time if arguments.processor_time else time.perf_counter)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layer", required=True)
    parser.add_argument("--product", choices=PRODUCTS, default="forward")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--channels-last", action="store_true", help="memory as NHWC")
    parser.add_argument("--processor-time", action="store_true", help="seconds of one thread")
    return parser.parse_args()


def make_product(arguments):
    """A function that computes the product once."""
    kind, inputs, outputs, kernel, stride, extent = arguments.layer.split()
    inputs, outputs, extent = int(inputs), int(outputs), int(extent)
    kernel, stride = int(kernel[1:]), int(stride[1:])
    layout = torch.channels_last if arguments.channels_last else torch.contiguous_format

    def images(channels, size):
        return torch.rand(arguments.batch, channels, size, size).to(memory_format=layout)

    bias = torch.rand(outputs)
    if kind == "tconv":
        # PyTorch crops evenly; output_padding restores an odd row.
        total = max(kernel - stride, 0)
        padding, extra = (total + 1) // 2, total % 2
        weight = torch.rand(inputs, outputs, kernel, kernel).to(memory_format=layout)
        x, dy = images(inputs, extent), images(outputs, extent * stride)
        settings = ([stride] * 2, [padding] * 2, [1, 1], True, [extra] * 2, 1)
        if arguments.product == "forward":
            return lambda: functional.conv_transpose2d(x, weight, bias, stride, padding, extra)
    else:
        out_extent = -(-extent // stride)
        total = max((out_extent - 1) * stride + kernel - extent, 0)
        weight = torch.rand(outputs, inputs, kernel, kernel).to(memory_format=layout)
        x, dy = images(inputs, extent), images(outputs, out_extent)
        if total % 2 == 1:  # PyTorch pads evenly: a copy with one row more, as its users make it
            sides = (total // 2, total - total // 2) * 2
            if arguments.product == "forward":
                return lambda: functional.conv2d(functional.pad(x, sides), weight, bias, stride)
            x = functional.pad(x, sides)
            total = 0
        settings = ([stride] * 2, [total // 2] * 2, [1, 1], False, [0, 0], 1)
        if arguments.product == "forward":
            return lambda: functional.conv2d(x, weight, bias, stride, total // 2)
    if arguments.product == "bias":
        return lambda: dy.sum((0, 2, 3))
    wanted = [arguments.product == "input", arguments.product == "weight", False]
    return lambda: torch.ops.aten.convolution_backward(dy, x, weight, [outputs], *settings, wanted)


if __name__ == "__main__":
    main()
