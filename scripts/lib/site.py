#!/usr/bin/env python3
"""Writes the pages of a gallery, from what site.sh has gathered in its folder.

usage: site.py SITE [ADDRESS]
SITE/models/NAME has samples.png, interpolation.png, report.html, network.json, evaluation.json, length.json,
metrics.jsonl and recipe.toml; SITE/explore is the latent explorer with the exported models. Written are index.html,
results.html, models/NAME/index.html and explore/models/index.json. ADDRESS is where the site will be, for link
previews.
"""
import json
import pathlib
import struct
import sys
import tomllib

from site_pages import gallery_page, model_page, results_page, with_preview

# Shown of an evaluation, best known first: metric, title, digits after the point.
FIGURES = [("fid", "FID", 1), ("inception_score", "Inception score", 2), ("precision", "Precision", 2),
           ("recall", "Recall", 2), ("elbo", "ELBO", 1), ("log_likelihood", "Log-likelihood", 1)]
REPEATED = {"fid", "inception_score"}  # the others' deviations are over images


def rounded(count):
    """402, 12 k, 1.2 M."""
    if count >= 1_000_000:
        return f"{count / 1e6:.1f} M"
    return f"{count / 1e3:.0f} k" if count >= 10_000 else str(count)


def in_words(model):
    """"Conditional VAE of 28 × 28 grey images, 1.2 M parameters, 128 latent numbers"."""
    height, width, channels = model["image"]
    kind = ("Conditional " if model["classes"] else "") + model["title"]
    color = "grey" if channels == 1 else "colour"
    return (f"{kind} of {width} × {height} {color} images, {rounded(model['parameters'])} parameters, "
            f"{model['latent']} latent numbers")


def figures_of(evaluation):
    """[(title, text)] of the metrics that were measured."""
    shown = []
    for name, title, digits in FIGURES:
        figure = evaluation["figures"].get(name)
        if figure is None:
            continue
        text = f"{figure['mean']:.{digits}f}"
        if name in REPEATED and "deviation" in figure:
            text += f"\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}{figure['deviation']:.{digits}f}"
        shown.append((title, text))
    return shown


def epochs_text(length):
    """"20", or "3.4 of 200" of a run that ended before its schedule."""
    trained = f"{length['epochs']:.1f}".removesuffix(".0")
    return trained if length["end"] == "schedule" else f"{trained} of {length['planned_epochs']}"


def png_size(path):
    """(width, height)."""
    return struct.unpack(">II", path.read_bytes()[16:24])


def read_model(site, folder):
    model = json.loads((folder / "network.json").read_text())["models"][0]
    latest = json.loads((folder / "metrics.jsonl").read_text().splitlines()[-1])
    length = json.loads((folder / "length.json").read_text())
    evaluation = json.loads((folder / "evaluation.json").read_text())
    recipe = tomllib.loads((folder / "recipe.toml").read_text())
    return {"name": folder.name, "recipe": model["name"], "words": in_words(model), "family": model["title"],
            "parameters": rounded(model["parameters"]), "data": model["data"], "seed": recipe["seed"],
            "epochs": epochs_text(length), "minutes": length["seconds"] / 60,
            "device": latest.get("device", evaluation["device"]).split(",")[0],
            "evaluation": evaluation, "figures": figures_of(evaluation),
            "samples_size": png_size(folder / "samples.png"),
            "strip_size": png_size(folder / "interpolation.png"),
            "size": (site / "explore/models" / f"{folder.name}.safetensors").stat().st_size}


def offer_of(folder, name):
    """What the explorer's list needs of an exported model, with the thumbnail in its header."""
    with open(folder / f"{name}.safetensors", "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        metadata = json.loads(file.read(length))["__metadata__"]
    return {"name": name, "file": f"{name}.safetensors", "thumbnail": metadata["thumbnail"]}


def main(site, address=""):
    site = pathlib.Path(site)
    models = [read_model(site, folder) for folder in sorted((site / "models").iterdir())]
    offers = [offer_of(site / "explore/models", model["name"]) for model in models]
    (site / "explore/models/index.json").write_text(json.dumps(offers, indent=1) + "\n")
    if address and not address.endswith("/"):
        address += "/"
    (site / "index.html").write_text(gallery_page(models, address))
    (site / "results.html").write_text(results_page(models, [title for _, title, _ in FIGURES], address))
    for model in models:
        (site / "models" / model["name"] / "index.html").write_text(model_page(model, address))
    explorer = site / "explore/index.html"
    explorer.write_text(with_preview(explorer.read_text(), models, address))


if __name__ == "__main__":
    main(*sys.argv[1:])
