#!/usr/bin/env python3
"""Training steps of two recipes in tinygrad, for interleave.py.

    DEV=CPU:LLVM BEAM=2 recipe_step_tinygrad.py --recipe vae-mlp-mnist --check

The whole step is one TinyJit: noise or dropout, forward, backward, Adam. tinygrad's own variables
choose the device (DEV) and the search for fast kernels (BEAM); see ../README.md.
"""

import argparse

import step_server
from tinygrad import Context, Device, Tensor, TinyJit, nn

BATCH = 128


def mlp(*widths):
    layers = [nn.Linear(a, b) for a, b in zip(widths, widths[1:])]
    return [step for layer in layers for step in (layer, Tensor.relu)][:-1]


def data(tensor):
    return tensor.realize().is_param_(False)


class VaeMlp:
    """The recipe vae-mlp-mnist; see vae_mlp_model.py."""

    latent = 128

    def __init__(self):
        self.encoder = mlp(784, 512, 256, 2 * self.latent)
        self.decoder = mlp(self.latent, 256, 512, 784)
        self.pixels = data(Tensor.rand(BATCH, 784))

    def loss(self):
        mean, log_variance = self.pixels.sequential(self.encoder).split(self.latent, 1)
        noise = Tensor.randn(BATCH, self.latent)
        logits = (mean + (0.5 * log_variance).exp() * noise).sequential(self.decoder)
        # Cross entropy with logits, in fewer operations than tinygrad's own.
        reconstruction = (logits.relu() + (1 + (-logits.abs()).exp()).log() - logits * self.pixels).sum()
        kl = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
        return (reconstruction + kl) / BATCH


class Classifier:
    """The recipe classifier-mnist."""

    def __init__(self):
        self.layers = [
            nn.Conv2d(1, 32, 5), Tensor.relu, Tensor.max_pool2d,
            nn.Conv2d(32, 64, 5), Tensor.relu, Tensor.max_pool2d,
            lambda x: x.flatten(1), nn.Linear(1024, 500), Tensor.relu, Tensor.dropout, nn.Linear(500, 10)]
        self.images = data(Tensor.rand(BATCH, 1, 28, 28))
        self.labels = data(Tensor.randint(BATCH, high=10))

    def loss(self):
        return self.images.sequential(self.layers).sparse_categorical_crossentropy(self.labels)


RECIPES = {"vae-mlp-mnist": VaeMlp, "classifier-mnist": Classifier}


def main():
    arguments = parse_arguments()
    Tensor.manual_seed(arguments.seed)
    step = make_step(RECIPES[arguments.recipe]())
    if arguments.check:
        step_server.check(lambda: step().item())
    else:
        step_server.serve(lambda count: run_steps(step, count))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipe", required=True, choices=list(RECIPES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="print the losses of 50 steps, which have to fall")
    return parser.parse_args()


def make_step(model):
    """A function that launches one step and returns its loss."""
    adam = nn.optim.Adam(nn.state.get_parameters(model), lr=1e-3)

    @TinyJit
    @Context(TRAINING=1)
    def step():
        adam.zero_grad()
        loss = model.loss().backward()
        return loss.realize(*adam.schedule_step())

    return step


def run_steps(step, count):
    for _ in range(count):
        step()
    Device[Device.DEFAULT].synchronize()


if __name__ == "__main__":
    main()
