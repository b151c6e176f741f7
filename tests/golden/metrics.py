#!/usr/bin/env python3
"""Writes metrics.json: what NumPy, SciPy and scikit-learn measure on fixed features, to compare with.

Nothing is random: features and probabilities come from formula.py, as in C++ from formula.h. What
is float32 there is float32 here, then everything is computed in float64:

    feature       relu(noise(e) + noise(n) / 2 + shift), with e counting elements of [count, size], n
                  being the next element of its row (the first after the last); zero where j % 6 is 5
                  in a case of "dead" features
    probability   u(e)^4 / (sum of the row)

FID as in pytorch-fid (scipy.linalg.sqrtm; for dead features, whose product has no accurate
sqrtm, the roots of its eigenvalues), KID with scikit-learn's polynomial_kernel, precision, recall,
density and coverage with its NearestNeighbors, the Inception score with SciPy's entropy. Random subsets
are those of engine/metrics/subset.cpp, which `random_subset` reimplements.
"""

import json
import pathlib

import formula
import numpy
from scipy import linalg
from scipy.stats import entropy
from sklearn.metrics.pairwise import euclidean_distances, polynomial_kernel
from sklearn.neighbors import NearestNeighbors

HERE = pathlib.Path(__file__).resolve().parent
REAL = {"count": 300, "salt": 1, "shift": 0.5}
GENERATED = {"count": 260, "salt": 2, "shift": 0.75}
SIZE = 24
CLASSES = 10
PROBABILITIES_SALT = 3
SEED = 7 + (5 << 32)
SUBSETS = 6
SUBSET_SIZE = 100
NEIGHBOURS = [3, 5]


def main():
    document = {"size": SIZE, "classes": CLASSES, "real": REAL, "generated": GENERATED, "seed": SEED,
                "probabilities_salt": PROBABILITIES_SALT}
    for name, dead in [("plain", False), ("dead", True)]:
        document[name] = measures(features(**REAL, dead=dead), features(**GENERATED, dead=dead), dead)
    probabilities = class_probabilities()
    document["inception_score"] = {str(splits): score(probabilities, splits) for splits in [1, 7, 10]}
    (HERE / "metrics.json").write_text(json.dumps(document, indent=1) + "\n")


def features(count, salt, shift, dead):
    element = numpy.arange(count * SIZE)
    following = element // SIZE * SIZE + (element + 1) % SIZE
    values = formula.noise(element, salt).astype(numpy.float64)
    values = values + formula.noise(following, salt) / 2.0 + shift
    values = numpy.maximum(0.0, values).astype(numpy.float32).reshape(count, SIZE)
    if dead:
        values[:, 5::6] = 0
    return values.astype(numpy.float64)


def class_probabilities():
    uniform = formula.uniform(numpy.arange(GENERATED["count"] * CLASSES), PROBABILITIES_SALT)
    weights = ((uniform * uniform) * (uniform * uniform)).reshape(-1, CLASSES)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(numpy.float32).astype(numpy.float64)


def measures(real, generated, dead):
    root_trace = trace_of_root_by_eigenvalues if dead else trace_of_root
    return {
        "frechet_distance": frechet_distance(real, generated, root_trace),
        "frechet_distance_at_infinity": at_infinity(real, generated, root_trace),
        "kernel_distance": kernel_distance(real, generated),
        "manifolds": {str(k): manifolds(real, generated, k) for k in NEIGHBOURS},
        "nearest": nearest(generated, real),
    }


def frechet_distance(one, other, root_trace):
    covariance, other_covariance = (numpy.cov(x, rowvar=False) for x in (one, other))
    difference = one.mean(axis=0) - other.mean(axis=0)
    return (difference.dot(difference) + numpy.trace(covariance) + numpy.trace(other_covariance)
            - 2 * root_trace(covariance.dot(other_covariance)))


def trace_of_root(product):
    return numpy.trace(linalg.sqrtm(product)).real


def trace_of_root_by_eigenvalues(product):
    return numpy.sqrt(numpy.maximum(0, linalg.eigvals(product).real)).sum()


def at_infinity(real, generated, root_trace):
    count = len(generated)
    counts = [count // 2 + (count - count // 2) * point // 14 for point in range(15)]
    distances = [
        frechet_distance(real, generated[random_subset(count, size, point)], root_trace)
        for point, size in enumerate(counts)
    ]
    return numpy.polyfit(1 / numpy.array(counts), distances, 1)[1]


def kernel_distance(real, generated):
    values = []
    for subset in range(SUBSETS):
        x = real[random_subset(len(real), SUBSET_SIZE, 2 * subset)]
        y = generated[random_subset(len(generated), SUBSET_SIZE, 2 * subset + 1)]
        within = sum((k := polynomial_kernel(z, degree=3, coef0=1)).sum() - k.trace() for z in (x, y))
        pairs = SUBSET_SIZE * (SUBSET_SIZE - 1)
        values.append(within / pairs - 2 * polynomial_kernel(x, y, degree=3, coef0=1).mean())
    return {"subsets": SUBSETS, "subset_size": SUBSET_SIZE, **estimate(values)}


def manifolds(real, generated, k):
    distances = euclidean_distances(real, generated)
    real_radii, generated_radii = (radii(x, k) for x in (real, generated))
    in_real = distances < real_radii[:, None]
    return {
        "precision": in_real.any(axis=0).mean(),
        "recall": (distances < generated_radii).any(axis=1).mean(),
        "density": in_real.sum(axis=0).mean() / k,
        "coverage": in_real.any(axis=1).mean(),
    }


def radii(samples, k):
    found = NearestNeighbors(n_neighbors=k + 1, algorithm="brute").fit(samples).kneighbors(samples)
    return found[0][:, k]  # the nearest is the sample itself


def nearest(queries, among):
    distances, indices = NearestNeighbors(n_neighbors=1).fit(among).kneighbors(queries[:8])
    return {"indices": indices.ravel().tolist(), "distances": distances.ravel().tolist()}


def score(probabilities, splits):
    count = len(probabilities)
    parts = [probabilities[i * count // splits:(i + 1) * count // splits] for i in range(splits)]
    return estimate([numpy.exp(numpy.mean([entropy(p, part.mean(axis=0)) for p in part]))
                     for part in parts])


def estimate(values):
    return {"mean": numpy.mean(values), "deviation": numpy.std(values)}


def random_subset(count, size, stream):
    indices = list(range(count))
    for i in range(size):
        ahead = (philox_bits(i, stream) * (count - i)) >> 32
        indices[i], indices[i + ahead] = indices[i + ahead], indices[i]
    return indices[:size]


def philox_bits(drawn, stream):
    """PhiloxStream::bits() of engine/base/philox.h."""
    counter = [drawn // 4, stream, 0, 0]
    key = [SEED & 0xFFFFFFFF, SEED >> 32]
    for _ in range(10):
        first, second = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [(second >> 32) ^ counter[1] ^ key[0], second & 0xFFFFFFFF,
                   (first >> 32) ^ counter[3] ^ key[1], first & 0xFFFFFFFF]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return counter[drawn % 4]


if __name__ == "__main__":
    main()
