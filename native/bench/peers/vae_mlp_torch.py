#!/usr/bin/env python3
"""Trains vae-mlp-mnist in PyTorch and prints one JSON line per epoch, in nats per image.

"train" is the mean over the epoch's batches, each before its update. "test" samples the latents of
all test images; "test_mean_latent" decodes the means of the latent distributions instead.
"""

import argparse
import json
import time

import vae_mlp_model as peer
import torch

TEST_BATCH = 1000


def main():
    arguments = parse_arguments()
    peer.use_best_settings()
    torch.manual_seed(arguments.seed)
    model = peer.VaeMlp(latent=arguments.latent)
    adam = peer.make_adam(model)
    train_images = peer.read_images(arguments.data, "train")
    test_images = peer.read_images(arguments.data, "t10k")
    for epoch in range(1, arguments.epochs + 1):
        start = time.perf_counter()
        train = train_epoch(model, adam, train_images, arguments.batch)
        seconds = time.perf_counter() - start
        line = {
            "epoch": epoch,
            "train": train,
            "test": evaluate(model, test_images, sample=True),
            "test_mean_latent": evaluate(model, test_images, sample=False),
            "seconds": round(seconds, 2),
        }
        print(json.dumps(line), flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=peer.default_data_folder(), help="folder of IDX files")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--latent", type=int, default=128)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def train_epoch(model, adam, images, batch):
    """A new permutation; the last partial batch is dropped."""
    order = torch.randperm(len(images))
    steps = len(images) // batch
    totals = Totals()
    for indices in order[: steps * batch].view(steps, batch):
        noise = torch.randn(batch, model.latent)
        totals.add(*peer.train_step(model, adam, images[indices], noise), batch)
    return totals.means()


@torch.no_grad()
def evaluate(model, images, sample):
    totals = Totals()
    for pixels in images.split(TEST_BATCH):
        noise = torch.randn(len(pixels), model.latent) if sample else None
        totals.add(*model(pixels, noise), len(pixels))
    return totals.means()


class Totals:
    """Sums per-batch means into means over images, in double."""

    def __init__(self):
        self.reconstruction = self.kl = 0.0
        self.images = 0

    def add(self, reconstruction, kl, images):
        self.reconstruction += reconstruction.item() * images
        self.kl += kl.item() * images
        self.images += images

    def means(self):
        reconstruction, kl = self.reconstruction / self.images, self.kl / self.images
        means = {"loss": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}
        return {name: round(value, 4) for name, value in means.items()}


if __name__ == "__main__":
    main()
