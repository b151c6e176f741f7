#!/usr/bin/env python3
"""Times training steps of vae-mlp-mnist in PyTorch for interleave.py.

Protocol: "run N" on stdin runs N steps and answers with their seconds; end of input ends it.
The batches are float tensors in memory; a step samples its noise, as ours does.
"""

import argparse
import sys
import time

import vae_mlp_model as peer
import torch

BATCHES_IN_MEMORY = 64


def main():
    arguments = parse_arguments()
    peer.use_best_settings()
    torch.manual_seed(arguments.seed)
    model = peer.VaeMlp(latent=arguments.latent)
    adam = peer.make_adam(model)
    images = peer.read_images(arguments.data, "train")
    batches = images[: BATCHES_IN_MEMORY * arguments.batch].split(arguments.batch)
    for line in sys.stdin:
        print(f"{timed_steps(model, adam, batches, steps_of(line)):.6f}", flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=peer.default_data_folder(), help="folder of IDX files")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--latent", type=int, default=128)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def steps_of(line):
    words = line.split()
    if len(words) != 2 or words[0] != "run" or not words[1].isdigit():
        raise SystemExit(f"vae_step_torch: expected 'run N', got {line.strip()!r}")
    return int(words[1])


def timed_steps(model, adam, batches, count):
    start = time.perf_counter()
    for step in range(count):
        pixels = batches[step % len(batches)]
        peer.train_step(model, adam, pixels, torch.randn(len(pixels), model.latent))
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
