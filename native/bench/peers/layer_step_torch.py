#!/usr/bin/env python3
"""Times one layer forward and backward in PyTorch for interleave.py: see layer_step.cpp.

Protocol: "run N" on stdin runs N steps and answers with their seconds; end of input ends it.
"""

import argparse

import vae_mlp_model as peer
import step_server
import torch
from torch import nn


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layer", choices=sorted(LAYERS), required=True)
    parser.add_argument("--shape", help="of the input, channels last: 64,32,32,32")
    parser.add_argument("--channels-last", action="store_true", help="memory as NHWC")
    arguments = parser.parse_args()
    peer.use_best_settings()
    torch.manual_seed(1)
    shape, make = LAYERS[arguments.layer]
    if arguments.shape:
        shape = tuple(int(extent) for extent in arguments.shape.split(","))
    layer, axis = make(shape)
    x = image(shape, axis, arguments.channels_last)
    weights = torch.randn_like(layer(x).detach())

    def run(count):
        for _ in range(count):
            x.grad = None
            layer(x).backward(weights)

    step_server.serve(run)


def image(shape, channel_axis, is_channels_last):
    """x with its channels where the layer expects them: as axis 1 of images."""
    x = torch.randn(shape)
    if channel_axis == 1 and len(shape) == 4:
        x = x.permute(0, 3, 1, 2)
        if not is_channels_last:
            x = x.contiguous()
    return x.detach().requires_grad_()


def batch_norm(shape):
    return (nn.BatchNorm2d if len(shape) == 4 else nn.BatchNorm1d)(shape[-1]), 1


def batch_norm_relu(shape):
    return nn.Sequential(batch_norm(shape)[0], nn.ReLU(inplace=True)), 1


def layer_norm(shape):
    return nn.LayerNorm(shape[-1]), -1


def lstm(shape):
    recurrent = nn.LSTM(shape[-1], 128, batch_first=True)
    return (lambda x: recurrent(x)[0]), -1


LAYERS = {
    "average_pool": ((64, 32, 32, 32), lambda _: (nn.AvgPool2d(2), 1)),
    "batch_norm": ((128 * 14 * 14, 128), batch_norm),
    "batch_norm_relu": ((64, 32, 32, 32), batch_norm_relu),
    "concat_batches": ((64, 32, 32, 32), lambda _: ((lambda x: torch.cat([x, x], 0)), 1)),
    "concat_channels": ((64, 32, 32, 32), lambda _: ((lambda x: torch.cat([x, x], 1)), 1)),
    "global_average": ((64, 8, 8, 64), lambda _: ((lambda x: x.mean((2, 3))), 1)),
    "layer_norm": ((128 * 14 * 14, 128), layer_norm),
    "lstm": ((128, 28, 28), lstm),
    "max_pool": ((64, 32, 32, 32), lambda _: (nn.MaxPool2d(2), 1)),
    "max_pool_k3": ((64, 32, 32, 32), lambda _: (nn.MaxPool2d(3, 2, 1), 1)),
    "upsample": ((64, 16, 16, 32), lambda _: (nn.Upsample(scale_factor=2), 1)),
}


if __name__ == "__main__":
    main()
