#!/usr/bin/env python3
"""Writes gan_trainer.json: ten steps of whole GAN trainers with dropout in PyTorch.

networks.py feeds steps with its own noise. Here nothing is fed: the order of the images, the latents
and the dropout masks come from the trainer's seed (philox.py), so that what the trainer itself
derives from a recipe is checked: fresh masks for real and fake images, for the generator's
step and for every step; which latents; which images; targets; the mode of the networks. Ten
steps reach the second epoch.

    parameters  weight(i, salt, fan_in): the case's "initial" lists them
    pixels      round(255 * pixel(i, "pixels")) over the whole data set, of 8 bits

Losses are those before the update, computed in float64.
"""

import json
import pathlib

import formula
import numpy
import torch
import torch.nn.functional as F
import vae_mlp
from networks import ADAM, distance, linear, make_optimizer, result, update
from philox import StepNoise
from torch_layers import Network

HERE = pathlib.Path(__file__).resolve().parent
STEPS = 10
PIXEL_SALT = 101
GENERATOR_SEED = 0x6B696E6400000000  # engine/train/trainer.cpp: kinds of step do not share noise


def dropout(rate):
    return {"type": "dropout", "rate": rate}


GENERATOR = [linear(11, "leaky_relu"), linear(30, "tanh")]
CASES = {
    "apart": {
        "picture": [6, 5, 1], "latent": 5, "pictures": 43, "batch": 6, "seed": 4294967303,
        "mixed": False, "label_smoothing": 0, "optimizer": ADAM, "generator": GENERATOR,
        "discriminator": [linear(17, "leaky_relu"), dropout(0.3), linear(9, "leaky_relu"),
                          dropout(0.3), linear(1)]},
    "mixed": {
        "picture": [6, 5, 1], "latent": 5, "pictures": 43, "batch": 12, "seed": 5,
        "mixed": True, "label_smoothing": 0.1, "optimizer": ADAM,
        "generator": [GENERATOR[0], dropout(0.2), GENERATOR[1]],
        "discriminator": [linear(13, "leaky_relu"), dropout(0.4), linear(1)]},
}


def main():
    document = {"steps": STEPS, "pixel_salt": PIXEL_SALT,
                "cases": {name: golden_case(name, config) for name, config in CASES.items()}}
    (HERE / "gan_trainer.json").write_text(vae_mlp.readable(json.dumps(document, indent=1)) + "\n")


def golden_case(name, config):
    trainer = Trainer(config, torch.float64)
    truth, rough = trainer.train(), Trainer(config, torch.float32).train()
    print(name, "in float32 parts from it by", distance(rough, truth))
    specification = trainer.generator.specification + trainer.discriminator.specification
    return {"config": config, "initial": specification, **truth}


class NoisyNetwork(Network):
    """Drops with the masks of `noise`, which is set before each step."""

    noise = None

    def build_dropout(self, name, layer):
        def step(x):
            mask = self.noise.dropout_mask(x.numel(), layer["rate"])
            return x * torch.from_numpy(mask).view_as(x).to(self.dtype)

        return step, self.shape


class Trainer:
    def __init__(self, config, dtype):
        self.config, self.dtype = config, dtype
        self.generator = NoisyNetwork("generator", [config["latent"]], config["generator"], dtype,
                                      1)
        self.discriminator = NoisyNetwork("discriminator", config["picture"],
                                          config["discriminator"], dtype, self.generator.salt)
        self.optimizers = [make_optimizer(config, network)
                           for network in (self.generator, self.discriminator)]
        size = config["pictures"] * numpy.prod(config["picture"])
        pixels = numpy.rint(255 * formula.pixel(numpy.arange(size), PIXEL_SALT).astype(float))
        in_range = torch.from_numpy(2 * pixels / 255 - 1).to(dtype)
        self.images = in_range.view(config["pictures"], -1)

    def train(self):
        losses = [{"d_loss": self.discriminator_step(step), "g_loss": self.generator_step(step)}
                  for step in range(STEPS)]
        return result(losses, [self.generator, self.discriminator])

    def begin(self, noise):
        self.generator.noise = self.discriminator.noise = noise
        return noise

    def fake(self, noise, count):
        latents = noise.normals(count * self.config["latent"])
        return self.generator(torch.from_numpy(latents).view(count, -1).to(self.dtype))

    def discriminator_step(self, step):
        noise = self.begin(StepNoise(self.config["seed"], step))
        count = self.config["batch"] // (2 if self.config["mixed"] else 1)
        real = self.images[noise.shuffled_batch(count, len(self.images))]
        fake = self.fake(noise, count).detach()
        if self.config["mixed"]:
            real_logits, fake_logits = self.discriminator(torch.cat([real, fake])).split(count)
        else:
            real_logits, fake_logits = self.discriminator(real), self.discriminator(fake)
        targets = torch.full_like(real_logits, 1 - self.config["label_smoothing"])
        loss = (F.binary_cross_entropy_with_logits(real_logits, targets)
                + F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(targets)))
        return update(self.optimizers[1], loss)

    def generator_step(self, step):
        noise = self.begin(StepNoise(self.config["seed"] ^ GENERATOR_SEED, step))
        logits = self.discriminator(self.fake(noise, self.config["batch"]))
        loss = F.binary_cross_entropy_with_logits(logits, torch.ones_like(logits))
        return update(self.optimizers[0], loss)


if __name__ == "__main__":
    main()
