#!/usr/bin/env python3
"""Times training steps of recipes in PyTorch: the peer of `pumice bench --recipe`.

    recipe_step_torch.py --device cuda --seconds 2
    recipe_step_torch.py --device cpu --recipes vae-mlp-mnist --variants eager
    interleave.py OURS "recipe_step_torch.py --device cpu --recipes vae-mlp-mnist --serve"

Prints one JSON line per recipe and variant, with the seconds per step of every block; a variant that
does not run here has an "error" instead.
"""

import argparse
import contextlib
import json
import statistics
import time

import recipe_networks  # before torch: see there
import step_server
import torch

BLOCKS = 8  # samples of a variant, at most
WARM_UP = 11  # steps before a measurement or a capture; cuDNN tries its algorithms, Triton compiles

# name: (precision, how the step is launched)
CUDA_VARIANTS = {f"{launch}, {precision}": (precision, launch)
                 for launch in ("eager", "graphs", "compile")
                 for precision in ("f32", "tf32", "bf16")}
CPU_VARIANTS = {"eager": ("f32", "eager"), "compile": ("f32", "compile")}


def main():
    arguments = parse_arguments()
    torch.set_flush_denormal(True)  # slow on CPUs
    torch.set_num_threads(arguments.threads)
    torch.backends.cudnn.benchmark = True
    variants = CUDA_VARIANTS if arguments.device == "cuda" else CPU_VARIANTS
    unknown = set(arguments.variants or variants) - set(variants)
    if unknown:
        raise SystemExit(f"recipe_step_torch: {arguments.device} has no variants {sorted(unknown)}; "
                         f"it has {list(variants)}")
    if arguments.serve or arguments.check:
        serve(arguments, variants)
    else:
        measure(arguments, variants)


def serve(arguments, variants):
    """Answers to interleave.py, or prints losses."""
    variant = (arguments.variants or list(variants))[0]
    if len(arguments.recipes) != 1 or len(arguments.variants or [variant]) != 1:
        raise SystemExit("recipe_step_torch: --serve and --check expect one recipe and one variant")
    torch.manual_seed(arguments.seed)
    step = make_step(recipe_networks.RECIPES[arguments.recipes[0]][1], arguments.device, *variants[variant])
    if arguments.check:
        step_server.check(lambda: sum(step()))
    else:
        step_server.serve(lambda count: seconds_of(step, arguments.device, count))


def measure(arguments, variants):
    for recipe in arguments.recipes:
        for variant in arguments.variants or variants:
            print(json.dumps(measured(arguments, recipe, variant, *variants[variant])), flush=True)


def parse_arguments():
    recipes = list(recipe_networks.RECIPES)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", choices=["cuda", "cpu"],
                        default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--recipes", nargs="+", choices=recipes, default=recipes, metavar="RECIPE",
                        help=f"of {', '.join(recipes)}; default: all")
    parser.add_argument("--variants", nargs="+", metavar="VARIANT", help="default: all of the device's")
    parser.add_argument("--seconds", type=float, default=2, help="of a variant's measurement")
    parser.add_argument("--threads", type=int, default=2, help="on the CPU")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", action="store_true", help="answer to interleave.py; one recipe, one variant")
    parser.add_argument("--check", action="store_true", help="print the losses of 50 steps, which have to fall")
    return parser.parse_args()


def measured(arguments, recipe, variant, precision, launch):
    """The line of a variant."""
    batch, build = recipe_networks.RECIPES[recipe]
    device = torch.cuda.get_device_name() if arguments.device == "cuda" else "cpu"
    line = {"recipe": recipe, "variant": variant, "batch": batch, "device": device,
            "threads": arguments.threads, "torch": torch.__version__}
    try:
        torch.manual_seed(arguments.seed)
        step = make_step(build, arguments.device, precision, launch)
        samples = timed_blocks(step, arguments.device, arguments.seconds)
    except Exception as error:  # the next variant may run
        return line | {"error": f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"}
    median = statistics.median(samples)
    return line | {"steps_per_second": round(1 / median, 3),
                   "images_per_second": round(batch / median, 1),
                   "seconds_per_step": [float(f"{sample:.4g}") for sample in samples]}


def make_step(build, device, precision, launch):
    """A function that runs one step, or launches it, and returns its losses."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision != "f32"
    trainings = build(device, lambda *settings: make_adam(device, *settings))
    if launch == "compile":
        if not hasattr(torch, "compile"):
            raise NotImplementedError(f"PyTorch {torch.__version__} has no torch.compile")
        torch._dynamo.reset()
        trainings = [(torch.compile(loss), *rest) for loss, *rest in trainings]
    autocast = contextlib.nullcontext
    if precision == "bf16":
        def autocast():
            # Its cache of casted weights would outlive a captured graph's step.
            return torch.autocast(device, torch.bfloat16, cache_enabled=launch != "graphs")

    def step():
        losses = []
        for loss, parameters, optimizer in trainings:
            optimizer.zero_grad(set_to_none=True)
            with autocast():
                value = loss()
            value.backward(inputs=parameters)  # not those of the other network
            optimizer.step()
            losses.append(value.detach())
        return losses

    return captured(step) if launch == "graphs" else step


def make_adam(device, parameters, rate, betas):
    """The fastest one of the device; see ../README.md for the CPU."""
    how = {"fused": True, "capturable": True} if device == "cuda" else {"foreach": False}
    return torch.optim.Adam(parameters, rate, betas, **how)


def captured(step):
    """The step as a CUDA graph."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARM_UP):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        losses = step()

    def replay():
        graph.replay()
        return losses

    return replay


def timed_blocks(step, device, seconds):
    """The seconds per step of each block; slow steps have fewer blocks, down to three."""
    for _ in range(WARM_UP):
        took = seconds_of(step, device, 1)
        if device == "cpu" and took > seconds / WARM_UP:
            break
    count = 1
    while (took := seconds_of(step, device, count)) < seconds / BLOCKS / 2:
        count *= 2
    blocks = min(BLOCKS, max(3, round(seconds / took)))
    count = max(1, round(count * seconds / blocks / took))
    return [seconds_of(step, device, count) / count for _ in range(blocks)]


def seconds_of(step, device, count):
    begin = time.perf_counter()
    for _ in range(count):
        step()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
