#!/usr/bin/env python3
"""Trains the network of a checkpoint in PyTorch, with the same recipe and number of epochs.

usage: train_twin.py CHECKPOINT --out FILE [--seed N] [--epochs N] [--data FOLDER]

Writes a checkpoint in the same format, so that `pumice evaluate` measures both with one extractor.
Supports VAEs (BCE) and GANs (non-saturating, wasserstein) without weight averaging, on MNIST; only
VAEs may be conditional.
"""

import argparse
import json
import math
import pathlib
import sys
import tomllib

import vae_mlp_model as peer  # before torch: see there
import numpy
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tests" / "golden"))
from torch_layers import Network  # noqa: E402


def main():
    arguments = parse_arguments()
    peer.use_best_settings()
    torch.manual_seed(arguments.seed)
    header, metadata = read_header(arguments.checkpoint)
    description, recipe = json.loads(metadata["network"]), tomllib.loads(metadata["recipe"])
    images = peer.read_images(arguments.data, "train")
    if description.get("classes", 0) > 0:
        labels = F.one_hot(peer.read_labels(arguments.data, "train"), description["classes"])
        images = torch.cat([images, labels], 1)
    twin = {"vae": VaeTwin, "gan": GanTwin}[description["model"]](description, recipe)
    epochs = arguments.epochs or recipe["train"]["epochs"]
    for epoch in range(epochs):
        print(f"epoch {epoch + 1}/{epochs}", json.dumps(twin.train_epoch(images)), flush=True)
    metadata.pop("pumice.checksum", None)  # of the other tensors
    metadata |= {"epoch": "0", "step": "0", "figures": "[]", "seed": str(arguments.seed)}
    write_checkpoint(arguments.out, metadata, twin.tensors(header))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", help="of a run with the recipe")
    parser.add_argument("--out", required=True, help="the .safetensors file to write")
    parser.add_argument("--data", default=peer.default_data_folder(), help="folder of IDX files")
    parser.add_argument("--epochs", type=int, help="default: the recipe's")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class TrainedNetwork(Network):
    """Initialised as the recipe says instead of by the golden values' formula."""

    def __init__(self, name, shape, layers, initialization):
        self.initialization = initialization
        super().__init__(name, shape, layers, torch.float32, 0)

    def add(self, name, shape, fan_in, offset=0.0):
        if offset != 0:
            values = torch.full(shape, offset)
        elif name.endswith((".bias", ".shift")) and self.initialization != "fan_in":
            values = torch.zeros(shape)
        elif name.endswith(".shift"):
            values = torch.zeros(shape)
        else:
            values = self.draw(name, shape, fan_in)
        self.parameters[name] = values.requires_grad_()
        return self.parameters[name]

    def draw(self, name, shape, fan_in):
        if self.initialization == "fan_in":
            return torch.empty(shape).uniform_(-1, 1) / math.sqrt(fan_in)
        if self.initialization == "glorot":
            fan_out = shape[0] if len(shape) == 2 else self.fan_out(name, shape)
            return torch.empty(shape).uniform_(-1, 1) * math.sqrt(6 / (fan_in + fan_out))
        raise SystemExit(f"train_twin: unsupported initialization {self.initialization}")

    @staticmethod
    def fan_out(name, shape):
        """The outputs per input of a kernel [kh, kw, a, b]: b channels, or a if transposed."""
        return shape[0] * shape[1] * (shape[2] if name in TRANSPOSED else shape[3])

    def build_conv_transpose2d(self, name, layer):
        TRANSPOSED.add(name + ".weight")
        return super().build_conv_transpose2d(name, layer)

    def build_dropout(self, name, layer):
        return lambda x: F.dropout(x, layer["rate"]), self.shape


TRANSPOSED = set()


class Twin:
    def __init__(self, recipe):
        self.batch = recipe["train"]["batch"]
        self.networks = []

    def network(self, name, shape, layers, initialization):
        self.networks.append(TrainedNetwork(name, shape, layers, initialization))
        return self.networks[-1]

    def batches(self, images, size):
        """A new order; the last partial batch is dropped."""
        steps = len(images) // size
        return (images[rows] for rows in torch.randperm(len(images))[: steps * size].view(
            steps, size))

    def train_epoch(self, images):
        rows = [self.train_step(batch) for batch in self.batches(images, self.real_images())]
        return {name: round(float(numpy.mean([row[name] for row in rows if name in row])), 4)
                for name in rows[-1]}

    def real_images(self):
        return self.batch

    def tensors(self, header):
        found = {}
        for network in self.networks:
            found |= network.parameters | network.statistics
        wanted = {name for name in header if name.split(".")[0] in {n.name for n in self.networks}}
        if wanted != set(found):
            raise SystemExit(f"train_twin: parameters differ: {sorted(wanted ^ set(found))}")
        return {name: found[name].detach() for name in sorted(found)}


class VaeTwin(Twin):
    def __init__(self, description, recipe):
        super().__init__(recipe)
        latent, how = description["latent_size"], recipe["initialization"]
        self.classes = description.get("classes", 0)
        image = description["picture"]
        if self.classes > 0:
            image = [math.prod(image) + self.classes]
        self.encoder = self.network("encoder", image, description["encoder"], how)
        self.decoder = self.network("decoder", [latent + self.classes], description["decoder"], how)
        both = [*self.encoder.parameters.values(), *self.decoder.parameters.values()]
        self.optimizer = make_optimizer(recipe["optimizer"], both)

    def train_step(self, rows):
        """Rows are pixels followed by one-hot labels."""
        x, labels = rows.split([rows.shape[1] - self.classes, self.classes], 1)
        mean, log_variance = self.encoder(rows).chunk(2, 1)
        z = mean + (log_variance / 2).exp() * torch.randn_like(mean)
        logits = self.decoder(torch.cat([z, labels], 1)).flatten(1)
        reconstruction = (F.softplus(logits).sum() - (logits * x).sum()) / len(x)
        kl = (mean**2 + log_variance.exp() - 1 - log_variance).sum() / 2 / len(x)
        return {"loss": update(self.optimizer, reconstruction + kl), "kl": kl.item()}


class GanTwin(Twin):
    def __init__(self, description, recipe):
        super().__init__(recipe)
        self.loss, how = recipe["loss"], recipe["initialization"]
        self.latent, self.step = description["latent_size"], 0
        self.symmetric = description["range"] == "symmetric"
        self.generator = self.network("generator", [self.latent], description["generator"], how)
        self.critic = self.network("discriminator", description["picture"],
                                   description["discriminator"], how)
        self.optimizers = [make_optimizer(recipe[f"{network.name}_optimizer"],
                                          list(network.parameters.values()))
                           for network in (self.generator, self.critic)]

    def real_images(self):
        return self.batch // 2 if self.loss["mixed_batch"] else self.batch

    def train_step(self, x):
        row = {"d_loss": self.train_critic(2 * x - 1 if self.symmetric else x)}
        self.step += 1
        if self.step % self.loss["critic_steps"] == 0:
            logits = self.critic(self.fake(self.batch))
            is_distance = self.loss["kind"] == "wasserstein"
            loss = -logits.mean() if is_distance else F.softplus(-logits).mean()
            row["g_loss"] = update(self.optimizers[0], loss)
        return row

    def train_critic(self, real):
        fake = self.fake(len(real)).detach().reshape(real.shape)
        logits = self.critic(torch.cat([real, fake]))
        real_logits, fake_logits = logits.split(len(real))
        if self.loss["kind"] == "non_saturating":
            loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
            return update(self.optimizers[1], loss)
        value = update(self.optimizers[1], fake_logits.mean() - real_logits.mean())
        for parameter in self.critic.parameters.values():
            parameter.data.clamp_(-self.loss["clip"], self.loss["clip"])
        return value

    def fake(self, count):
        return self.generator(torch.randn(count, self.latent))


def make_optimizer(options, parameters):
    rate = options["learning_rate"]
    if options["name"] == "rmsprop":
        return torch.optim.RMSprop(parameters, rate, options["smoothing"], options["epsilon"])
    if options["name"] == "adam":
        return torch.optim.Adam(parameters, rate, (options["beta1"], options["beta2"]),
                                options["epsilon"], foreach=False)
    raise SystemExit(f"train_twin: unsupported optimizer {options['name']}")


def update(optimizer, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.item()


def read_header(path):
    """(tensors, metadata) of a safetensors file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return header, header.pop("__metadata__")


def write_checkpoint(path, metadata, tensors):
    header, offset = {"__metadata__": metadata}, 0
    for name, tensor in tensors.items():
        end = offset + 4 * tensor.numel()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in tensors.values():
            file.write(tensor.contiguous().numpy().astype("<f4").tobytes())


if __name__ == "__main__":
    main()
