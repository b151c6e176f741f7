#!/usr/bin/env python3
"""Writes flow_trainer.json: ten training steps of a rectified flow in PyTorch, to compare with.

As in gan_trainer.py, weights and pixels come from formula.py, and order, noise, times and dropped
labels from our random numbers (philox.py). In one step, with x1 the images in -1 … 1:

    x0 ~ N(0, 1), t ~ U[0, 1), x_t = (1 - t)·x0 + t·x1
    loss = mean squared error of network([x_t, sinusoids(t), one_hot(label)]) against x1 - x0

A conditional flow drops each label (zeros in place of its one-hot vector) with `label_drop`.
Losses are those before the step's update. Everything is computed in float64, then also in float32,
and the difference between the two is printed.
"""

import json
import pathlib

import formula
import numpy
import torch
import vae_mlp
from gan_trainer import ADAM, linear
from networks import distance, make_optimizer, result, update
from philox import StepNoise
from torch_layers import Network

HERE = pathlib.Path(__file__).resolve().parent
STEPS, PIXEL_SALT = 10, 1000

CASES = {
    "unconditional": {
        "picture": [6, 5, 1], "pictures": 43, "batch": 6, "seed": 4294967303, "classes": 0,
        "time_size": 8, "label_drop": 0, "optimizer": ADAM,
        "velocity": [linear(17, "leaky_relu"), linear(13, "tanh"), linear(30)]},
    "conditional": {
        "picture": [5, 3, 1], "pictures": 37, "batch": 7, "seed": 5, "classes": 3,
        "time_size": 6, "label_drop": 0.3, "optimizer": ADAM,
        "velocity": [linear(19, "relu"), linear(15)]},
}


def main():
    document = {"steps": STEPS, "pixel_salt": PIXEL_SALT,
                "cases": {name: golden_case(name, config) for name, config in CASES.items()}}
    path = HERE / "flow_trainer.json"
    path.write_text(vae_mlp.readable(json.dumps(document, indent=1)) + "\n")


def golden_case(name, config):
    trainer = Trainer(config, torch.float64)
    truth, rough = trainer.train(), Trainer(config, torch.float32).train()
    print(name, "in float32 parts from it by", distance(rough, truth))
    return {"config": config, "initial": trainer.velocity.specification, **truth,
            "samples": trainer.samples()}


class Trainer:
    def __init__(self, config, dtype):
        self.config, self.dtype = config, dtype
        self.size = int(numpy.prod(config["picture"]))
        inputs = self.size + config["time_size"] + config["classes"]
        self.velocity = Network("velocity", [inputs], config["velocity"], dtype, 1)
        self.optimizer = make_optimizer(config, self.velocity)
        count = config["pictures"] * self.size
        pixels = numpy.rint(255 * formula.pixel(numpy.arange(count), PIXEL_SALT).astype(float))
        self.images = self.tensor(2 * pixels / 255 - 1).view(config["pictures"], -1)

    def tensor(self, values):
        return torch.from_numpy(numpy.asarray(values, dtype=float)).to(self.dtype)

    def train(self):
        losses = [{"loss": self.step(step)} for step in range(STEPS)]
        return result(losses, [self.velocity])

    def step(self, step):
        noise, batch = StepNoise(self.config["seed"], step), self.config["batch"]
        chosen = noise.shuffled_batch(batch, len(self.images))
        x1 = self.images[chosen]
        x0 = self.tensor(noise.normals(batch * self.size)).view(batch, -1)
        t = self.tensor(noise.uniforms(batch))
        labels = None
        if self.config["classes"]:
            kept = noise.uniforms(batch) >= numpy.float32(self.config["label_drop"])
            labels = self.one_hot(chosen) * self.tensor(kept)[:, None]
        xt = (1 - t[:, None]) * x0 + t[:, None] * x1
        error = self.network(xt, t, labels) - (x1 - x0)
        return update(self.optimizer, (error**2).mean())

    def one_hot(self, indices):
        """The label of an image is its index modulo the number of classes."""
        return self.tensor(numpy.eye(self.config["classes"])[numpy.asarray(indices)
                                                             % self.config["classes"]])

    def network(self, x, t, labels):
        k = torch.arange(1, self.config["time_size"] // 2 + 1, dtype=self.dtype)
        angles = torch.pi * k * t[:, None]
        parts = [x, torch.sin(angles), torch.cos(angles)]
        return self.velocity(torch.cat(parts + ([] if labels is None else [labels]), 1))

    def samples(self):
        """Images, 0 … 1, after the last step, of noise(i, 77): each sampler, five steps, guidance 2."""
        rows = 4
        x = formula.noise(numpy.arange(rows * self.size), 77).astype(float)
        x = self.tensor(x).view(rows, -1)
        with torch.no_grad():
            return {sampler: ((self.sample(sampler, x, 5, 2.0) + 1) / 2).clamp(0, 1).flatten().tolist()
                    for sampler in ("euler", "midpoint")}

    def sample(self, sampler, x, steps, guidance):
        for step in range(steps):
            t = step / steps
            if sampler == "euler":
                x = x + self.guided(x, t, guidance) / steps
            else:
                middle = x + self.guided(x, t, guidance) / (2 * steps)
                x = x + self.guided(middle, t + 0.5 / steps, guidance) / steps
        return x

    def guided(self, x, time, guidance):
        t = torch.full([len(x)], time, dtype=self.dtype)
        if not self.config["classes"]:
            return self.network(x, t, None)
        given = self.network(x, t, self.one_hot(range(len(x))))
        without = self.network(x, t, torch.zeros(len(x), self.config["classes"], dtype=self.dtype))
        return without + guidance * (given - without)


if __name__ == "__main__":
    main()
