#!/usr/bin/env python3
"""Writes vae_mlp.json: ten training steps of the MLP VAE in PyTorch, to compare with.

Nothing is random: weights, pixels and noise come from formula.py, as in C++ from formula.h:

    parameter  weight(i, salt, fan_in), i counting elements of [out, in] row by row; a bias takes
               the fan_in of its layer; the salt of each tensor is in the JSON's "salts"
    pixels     pixel(step * batch * pixels + i, salt), i counting elements of [batch, pixels]
    noise      noise(step * batch * latent + i, salt), i counting elements of [batch, latent]

Losses are those before the step's update, in nats per image, averaged over the batch. Everything
is computed in float32 and again in float64 (from the same float32 inputs): the difference of the
two shows how much an implementation in float32 may differ. Adam divides a gradient by its own size,
so an element whose first gradient is almost zero may step either way: in "full" one such element
(of encoder.2.weight) moves the KL of the tenth step by 2.5e-5 relative, while "small" has none and
agrees within 3e-7. Safe tolerances, relative for losses and norms, absolute for elements:

    full   loss, reconstruction 1e-5   KL 2e-4   norms 1e-5   elements 2e-5
    small  loss, reconstruction 1e-5   KL 2e-5   norms 1e-5   elements 1e-5

Run it with the peers' PyTorch; another version or machine may change last digits of "f32".
"""

import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "native" / "bench" / "peers"))

import vae_mlp_model as peer  # noqa: E402
import formula  # noqa: E402
import numpy  # noqa: E402
import torch  # noqa: E402

CASES = {
    "full": {"widths": [784, 512, 256], "latent": 128, "batch": 32},
    # All sizes are odd, which exercises the scalar tails of every kernel.
    "small": {"widths": [35, 17, 11], "latent": 3, "batch": 7},
}
STEPS = 10
ELEMENTS = 8


def main():
    document = {
        "formula_check": formula_check(),
        "cases": {name: golden_case(**config) for name, config in CASES.items()},
    }
    (HERE / "vae_mlp.json").write_text(readable(json.dumps(document, indent=1)) + "\n")


def readable(text):
    """Puts each innermost list or object on one line."""
    return re.sub(r"[\[{][^\[\]{}]*[\]}]", lambda match: " ".join(match.group().split()), text)


def formula_check():
    """Values of the formula, for the C++ side to compare exactly; its fan_in is 7."""
    rows = []
    for index, salt in [(0, 0), (0, 1), (1, 1), (401407, 1), (250879, 13), (40959, 14)]:
        rows.append({
            "index": index,
            "salt": salt,
            "hash32": formula.hash32(index, salt).item(),
            "weight": formula.weight(index, salt, 7).item(),
            "pixel": formula.pixel(index, salt).item(),
            "noise": formula.noise(index, salt).item(),
        })
    return rows


def golden_case(widths, latent, batch):
    config = {"widths": widths, "latent": latent, "batch": batch, "steps": STEPS,
              "learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    names = [name for name, _ in peer.VaeMlp(widths, latent).named_parameters()]
    salts = {name: salt for salt, name in enumerate(names + ["pixels", "noise"], start=1)}
    return {
        "config": config,
        "salts": salts,
        "f32": ten_steps(config, salts, torch.float32),
        "f64": ten_steps(config, salts, torch.float64),
    }


def ten_steps(config, salts, dtype):
    model = peer.VaeMlp(config["widths"], config["latent"]).to(dtype)
    set_parameters(model, salts)
    adam = peer.make_adam(model)
    losses, gradient_norms = [], None
    for step in range(config["steps"]):
        pixels = inputs(formula.pixel, salts["pixels"], step, config["batch"], config["widths"][0])
        noise = inputs(formula.noise, salts["noise"], step, config["batch"], config["latent"])
        reconstruction, kl = peer.train_step(model, adam, pixels.to(dtype), noise.to(dtype))
        losses.append(loss_row(reconstruction.item(), kl.item()))
        gradient_norms = gradient_norms or norms_of_gradients(model)
    return {
        "losses": losses,
        "gradient_norms_of_first_step": gradient_norms,
        "parameters": {name: summary(p) for name, p in model.named_parameters()},
    }


def set_parameters(model, salts):
    for name, parameter in model.named_parameters():
        layer = model.get_submodule(name.rpartition(".")[0])
        index = numpy.arange(parameter.numel())
        values = formula.weight(index, salts[name], layer.in_features)
        parameter.data.copy_(torch.from_numpy(values).view_as(parameter))


def inputs(function, salt, step, rows, columns):
    first = step * rows * columns
    values = function(numpy.arange(first, first + rows * columns), salt)
    return torch.from_numpy(values).view(rows, columns)


def loss_row(reconstruction, kl):
    return {"loss": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}


def norms_of_gradients(model):
    return {name: p.grad.double().norm().item() for name, p in model.named_parameters()}


def summary(parameter):
    """Norm and mean in double, and elements spread from the first to the last."""
    values = parameter.detach().double().flatten()
    indices = [k * (len(values) - 1) // (ELEMENTS - 1) for k in range(ELEMENTS)]
    return {
        "shape": list(parameter.shape),
        "l2_norm": values.norm().item(),
        "mean": values.mean().item(),
        "elements": [{"index": i, "value": values[i].item()} for i in indices],
    }


if __name__ == "__main__":
    main()
