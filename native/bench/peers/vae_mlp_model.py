"""The network of the recipe vae-mlp-mnist in PyTorch, and its training data.

Weights and biases are initialised as in nn.Linear: U(-b, b) with b = 1/sqrt(fan_in).
Import this module before torch: OpenMP reads its settings only when it is loaded.
"""

import math
import os
import struct

# The settings under which PyTorch was fastest on two CPU cores (see ../README.md).
os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

IMAGE_PIXELS = 784


def default_data_folder():
    """As native/training/data_folder.h: the peers read the same files as our side."""
    everything = os.environ.get("PUMICE_DATA")
    if everything:
        own = os.path.join(everything, "mnist")
        return own if os.path.isdir(own) else everything
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(cache, "pumice", "data", "mnist")


def use_best_settings():
    """Adam's moments of dead units may decay into denormals, which are slow on a CPU.

    Call it before any computation: worker threads inherit the setting when they start.
    """
    torch.set_flush_denormal(True)


class VaeMlp(nn.Module):
    """widths = (pixels, hidden, hidden); the encoder's last layer gives mean | log-variance."""

    def __init__(self, widths=(IMAGE_PIXELS, 512, 256), latent=128):
        super().__init__()
        pixels, wide, narrow = widths
        self.latent = latent
        self.encoder = _layers(pixels, wide, narrow, 2 * latent)
        self.decoder = _layers(latent, narrow, wide, pixels)

    def forward(self, pixels, noise):
        """Returns (reconstruction, kl) in nats: summed over an image, averaged over the batch.

        noise None decodes the mean of the latent distribution.
        """
        mean, log_variance = _apply(self.encoder, pixels).split(self.latent, dim=1)
        latent = mean if noise is None else mean + torch.exp(0.5 * log_variance) * noise
        logits = _apply(self.decoder, latent)
        # BCE with logits, softplus(x) - x * pixel: fewer passes over memory than PyTorch's own.
        reconstruction = functional.softplus(logits).sum() - (logits * pixels).sum()
        kl = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
        return reconstruction / len(pixels), kl / len(pixels)


def _layers(*widths):
    return nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))


def _apply(layers, x):
    for layer in layers[:-1]:
        x = functional.relu(layer(x))
    return layers[-1](x)


def make_adam(model):
    # foreach=True makes copies, while the loop works in place: about 5 % slower on a CPU.
    settings = {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "foreach": False}
    return torch.optim.Adam(model.parameters(), **settings)


def train_step(model, adam, pixels, noise):
    """One step; returns (reconstruction, kl) of the batch before the update, still as tensors."""
    adam.zero_grad(set_to_none=True)
    reconstruction, kl = model(pixels, noise)
    (reconstruction + kl).backward()
    adam.step()
    return reconstruction.detach(), kl.detach()


def read_images(folder, part):
    """part 'train' or 't10k' -> float32 [images, 784] in [0, 1]."""
    pixels = _read_idx(folder, f"{part}-images-idx3-ubyte", (28, 28), "28x28 images")
    return pixels.view(-1, IMAGE_PIXELS).float() / 255


def read_labels(folder, part):
    """part 'train' or 't10k' -> int64 [images]."""
    labels = _read_idx(folder, f"{part}-labels-idx1-ubyte", (), "labels")
    return labels.long()


def _read_idx(folder, name, item, items):
    """The bytes of items of this shape; `items` names them in errors."""
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        raise SystemExit(f"{path}: not found; name the folder of the IDX files with --data")
    with open(path, "rb") as file:
        raw = bytearray(file.read())
    words = 2 + len(item)
    magic, count, *extents = struct.unpack_from(f">{words}I", raw.ljust(4 * words, b"\0"))
    is_whole = len(raw) == 4 * words + count * math.prod(item)
    if magic != 0x801 + len(item) or tuple(extents) != item or not is_whole:
        raise SystemExit(f"{path}: expected an IDX file of {items}")
    return torch.frombuffer(raw, dtype=torch.uint8, offset=4 * words)
