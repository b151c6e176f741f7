#!/usr/bin/env python3
"""Times one layer forward and backward in PyTorch for interleave.py: see layer_step.cpp.

Protocol: "run N" on stdin runs N steps and answers with their seconds; end of input ends it.
"""

import argparse
import sys
import time

import vae_mlp_model as peer
import torch
from vae_step_torch import steps_of


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layer", choices=sorted(LAYERS), required=True)
    arguments = parser.parse_args()
    peer.use_best_settings()
    torch.manual_seed(1)
    layer, x = LAYERS[arguments.layer]()
    x.requires_grad_()
    weights = torch.randn_like(layer(x).detach())
    for line in sys.stdin:
        print(f"{timed_steps(layer, x, weights, steps_of(line)):.6f}", flush=True)


def batch_norm():
    return torch.nn.BatchNorm1d(128), torch.randn(128 * 14 * 14, 128)


def layer_norm():
    return torch.nn.LayerNorm(128), torch.randn(128 * 14 * 14, 128)


def lstm():
    recurrent = torch.nn.LSTM(28, 128, batch_first=True)
    return (lambda x: recurrent(x)[0]), torch.randn(128, 28, 28)


LAYERS = {"batch_norm": batch_norm, "layer_norm": layer_norm, "lstm": lstm}


def timed_steps(layer, x, weights, count):
    start = time.perf_counter()
    for _ in range(count):
        x.grad = None
        layer(x).backward(weights)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
