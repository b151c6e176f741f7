#!/usr/bin/env python3
"""Writes networks.json: ten training steps of small VAEs and GANs of every family in PyTorch.

One case for each family of the zoo: an LSTM with its last state encoded, one with its whole sequence
encoded and transposed convolutions back; a convolutional GAN; one with batch norm; Wasserstein critics
with clipped weights and with a gradient penalty. Networks are described as in recipes; parameters,
pixels and noise come from formula.py (see vae_mlp.py), each with a salt of its own:

    parameters  offset + weight(i, salt, fan_in): the case's "initial" lists them
    pixels      pixel(n * batch * size + i, "pixels") for the n-th batch
    noise       noise(n * batch * latent + i, salt) for the n-th batch; salts "noise" of a VAE,
                "d_noise" and "g_noise" of a GAN's two programs
    mix         uniform(n * batch + i, salt) for the gradient penalty's points between the images

Losses are those before the update, computed in float64; float32 differs by less than 1e-5,
as the script prints. No layer before a batch norm has a
bias: its gradient would be only rounding, which Adam turns into whole steps.
"""

import json
import math
import pathlib

import formula
import numpy
import torch
import torch.nn.functional as F
import vae_mlp
from torch_layers import Network

HERE = pathlib.Path(__file__).resolve().parent
STEPS = 10


def linear(out, activation="none"):
    return {"type": "linear", "out": out, "activation": activation}


def conv(kind, out, kernel, stride=1, padding="same", activation="none", bias=True):
    return {"type": kind, "out": out, "kernel": kernel, "stride": stride, "padding": padding,
            "activation": activation, "bias": bias}


def up(out, kernel, stride=1, padding="same", activation="none", bias=True):
    return conv("conv_transpose2d", out, kernel, stride, padding, activation, bias)


def down(out, kernel, stride=1, activation="none", bias=True):
    return conv("conv2d", out, kernel, stride, "same", activation, bias)


def batch_norm(activation):
    return {"type": "batch_norm", "activation": activation}


def layer_norm(activation):
    return {"type": "layer_norm", "activation": activation}


def reshape(*shape):
    return {"type": "reshape", "shape": list(shape)}


ADAM = {"name": "adam", "learning_rate": 0.002, "beta1": 0.5, "beta2": 0.999}
CONV_GENERATOR = [linear(48, "leaky_relu"), reshape(4, 4, 3), up(8, 4, 2, activation="leaky_relu"),
                  down(1, 7, activation="sigmoid")]
CRITIC = [down(4, 3, 2, "leaky_relu"), down(6, 3, 2, "leaky_relu"), linear(1)]
CASES = {
    "lstm_vae": {
        "model": "vae", "picture": [7, 5, 1], "latent": 4, "batch": 6, "optimizer": ADAM,
        "encoder": [{"type": "lstm", "out": 9}, linear(8)],
        "decoder": [reshape(1, 1, 4), up(6, 4, 1, "valid", "relu"), up(5, 3, 1, "valid", "relu"),
                    up(3, 2, 1, "valid", "relu"), linear(35)]},
    "lstm_sequence_vae": {
        "model": "vae", "picture": [6, 6, 1], "latent": 3, "batch": 5, "optimizer": ADAM,
        "encoder": [{"type": "lstm", "out": 4, "sequence": True}, linear(6)],
        "decoder": [linear(7), linear(9), reshape(3, 3, 1), up(5, 3, activation="relu"),
                    up(6, 3, activation="relu"), up(4, 3, 2, activation="relu"), linear(36)]},
    "conv_gan": {
        "model": "gan", "picture": [8, 8, 1], "latent": 5, "batch": 6, "loss": "non_saturating",
        "critic_steps": 1, "optimizer": ADAM, "generator": CONV_GENERATOR,
        "discriminator": CRITIC},
    "dcgan": {
        "model": "gan", "picture": [8, 8, 3], "latent": 5, "batch": 6, "loss": "non_saturating",
        "critic_steps": 1, "optimizer": ADAM, "symmetric": True,
        "generator": [linear(4 * 12), reshape(2, 2, 12), batch_norm("relu"),
                      up(8, 4, 2, bias=False), batch_norm("relu"), up(3, 4, 2, activation="tanh")],
        "discriminator": [down(6, 4, 2, "leaky_relu"), down(8, 4, 2, bias=False),
                          batch_norm("leaky_relu"), linear(1)]},
    "wgan": {
        "model": "gan", "picture": [8, 8, 1], "latent": 5, "batch": 6, "loss": "wasserstein",
        "critic_steps": 2, "clip_weights": 0.2, "generator": CONV_GENERATOR,
        "discriminator": CRITIC,
        "optimizer": {"name": "rmsprop", "learning_rate": 0.005, "smoothing": 0.99}},
    "wgan_gp": {
        "model": "gan", "picture": [8, 8, 1], "latent": 5, "batch": 6, "loss": "wasserstein_gp",
        "critic_steps": 2, "penalty": 10, "optimizer": ADAM, "generator": CONV_GENERATOR,
        "discriminator": [down(4, 3, 2), layer_norm("leaky_relu"), down(6, 3, 2, "leaky_relu"),
                          linear(1)]},
}


def main():
    document = {"steps": STEPS, "salts": SALTS,
                "cases": {name: golden_case(name, config) for name, config in CASES.items()}}
    (HERE / "networks.json").write_text(vae_mlp.readable(json.dumps(document, indent=1)) + "\n")


def golden_case(name, config):
    train = train_vae if config["model"] == "vae" else train_gan
    truth, networks = train(config, torch.float64)
    print(name, "in float32 parts from it by", distance(train(config, torch.float32)[0], truth))
    specification = sum((network.specification for network in networks), [])
    return {"config": config, "initial": specification, **truth}


def distance(found, expected):
    """The largest differences of losses, and of parameters' elements relative to their tensor."""
    losses = max(abs(a[key] - b[key]) / abs(b[key])
                 for a, b in zip(found["losses"], expected["losses"]) for key in b)
    elements = max(abs(a["value"] - b["value"]) * len(summary["elements"]) / summary["l2_norm"]
                   for name, summary in expected["parameters"].items()
                   for a, b in zip(found["parameters"][name]["elements"], summary["elements"]))
    return {"losses": losses, "elements": elements}


SALTS = {"pixels": 101, "noise": 102, "d_noise": 103, "g_noise": 104, "mix": 105}


def batch_of(function, salt, number, rows, columns, dtype):
    first = number * rows * columns
    values = function(numpy.arange(first, first + rows * columns), salt)
    return torch.from_numpy(values.astype(numpy.float32)).view(rows, columns).to(dtype)


def images(config, number, dtype):
    size = math.prod(config["picture"])
    return batch_of(formula.pixel, SALTS["pixels"], number, config["batch"], size, dtype)


def noise(config, salt, number, dtype):
    return batch_of(formula.noise, SALTS[salt], number, config["batch"], config["latent"], dtype)


def make_optimizer(config, network):
    options = config["optimizer"]
    parameters = list(network.parameters.values())
    if options["name"] == "rmsprop":
        return torch.optim.RMSprop(parameters, options["learning_rate"], options["smoothing"])
    return torch.optim.Adam(parameters, options["learning_rate"],
                            (options["beta1"], options["beta2"]))


def result(losses, networks):
    named = {}
    for network in networks:
        named |= network.parameters | network.statistics
    return {"losses": losses, "parameters": {n: vae_mlp.summary(p) for n, p in named.items()}}


def train_vae(config, dtype):
    encoder = Network("encoder", config["picture"], config["encoder"], dtype, 1)
    decoder = Network("decoder", [config["latent"]], config["decoder"], dtype, encoder.salt)
    both = Network("", [1], [], dtype, 0)
    both.parameters = encoder.parameters | decoder.parameters
    adam = make_optimizer(config, both)
    losses = []
    for step in range(STEPS):
        x = images(config, step, dtype)
        mean, log_variance = encoder(x).chunk(2, 1)
        z = mean + (log_variance / 2).exp() * noise(config, "noise", step, dtype)
        logits = decoder(z).flatten(1)
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
        kl = (mean**2 + log_variance.exp() - 1 - log_variance).sum() / 2 / len(x)
        adam.zero_grad()
        (reconstruction + kl).backward()
        adam.step()
        losses.append({"reconstruction": reconstruction.item(), "kl": kl.item()})
    return result(losses, [encoder, decoder]), [encoder, decoder]


def train_gan(config, dtype):
    generator = Network("generator", [config["latent"]], config["generator"], dtype, 1)
    critic = Network("discriminator", config["picture"], config["discriminator"], dtype,
                     generator.salt)
    critic_optimizer = make_optimizer(config, critic)
    generator_optimizer = make_optimizer(config, generator)
    losses = []
    for step in range(STEPS):
        row = {"d_loss": critic_step(config, generator, critic, critic_optimizer, step, dtype)}
        if (step + 1) % config["critic_steps"] == 0:
            number = step // config["critic_steps"]
            fake = generator(noise(config, "g_noise", number, dtype))
            row["g_loss"] = update(generator_optimizer, generator_loss(config, critic(fake)))
        losses.append(row)
    return result(losses, [generator, critic]), [generator, critic]


def critic_step(config, generator, critic, optimizer, step, dtype):
    real = images(config, step, dtype).view(-1, *config["picture"])
    if config.get("symmetric"):
        real = 2 * real - 1
    fake = generator(noise(config, "d_noise", step, dtype)).detach()
    loss = critic_loss(config, critic(real), critic(fake))
    if config["loss"] == "wasserstein_gp":
        loss = loss + gradient_penalty(config, critic, real, fake, step, dtype)
    value = update(optimizer, loss)
    for parameter in critic.parameters.values():
        if "clip_weights" in config:
            parameter.data.clamp_(-config["clip_weights"], config["clip_weights"])
    return value


def gradient_penalty(config, critic, real, fake, step, dtype):
    mix = batch_of(formula.uniform, SALTS["mix"], step, config["batch"], 1, dtype)
    mix = mix.view(-1, 1, 1, 1)
    between = (mix * real + (1 - mix) * fake).requires_grad_()
    slope, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    norm = (slope.flatten(1).square().sum(1) + 1e-12).sqrt()
    return config["penalty"] * (norm - 1).square().mean()


def critic_loss(config, real, fake):
    if config["loss"] == "non_saturating":
        return F.softplus(-real).mean() + F.softplus(fake).mean()
    return fake.mean() - real.mean()


def generator_loss(config, fake):
    return F.softplus(-fake).mean() if config["loss"] == "non_saturating" else -fake.mean()


def update(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


if __name__ == "__main__":
    main()
