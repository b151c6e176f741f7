"""Our random numbers in NumPy: twin of shaders/include/random.glsl and what includes it.

A number depends on a seed, a step, a stream (its index within the graph) and its
element, four elements to a block of Philox 4x32-10 (Salmon et al., SC 2011).
"""

import numpy


def philox(counter, key):
    """Four words, each an integer or an array of them -> uint64 arrays of 32-bit words."""
    words = [numpy.atleast_1d(word).astype(numpy.uint64) for word in counter]
    low, high = key
    for _ in range(10):
        first, second = words[0] * 0xD2511F53, words[2] * 0xCD9E8D57
        words = [(second >> 32) ^ words[1] ^ low, second & 0xFFFFFFFF,
                 (first >> 32) ^ words[3] ^ high, first & 0xFFFFFFFF]
        low, high = (low + 0x9E3779B9) & 0xFFFFFFFF, (high + 0xBB67AE85) & 0xFFFFFFFF
    return words


class StepNoise:
    """The numbers that one run of a recorded step draws; each call takes the graph's next stream."""

    def __init__(self, seed, step):
        self.key, self.step, self.streams = (seed & 0xFFFFFFFF, seed >> 32), step, 0

    def next_stream(self):
        self.streams += 1
        return self.streams - 1

    def uniforms(self, count):
        """In [0, 1), multiples of 2^-24."""
        blocks = numpy.arange((count + 3) // 4)
        words = philox((blocks, self.next_stream(), self.step, 0), self.key)
        return numpy.stack(numpy.broadcast_arrays(*words), 1).ravel()[:count] // 256 / 2**24

    def normals(self, count):
        """By the Box-Muller transform of pairs of uniforms."""
        u, v = self.uniforms((count + 3) // 4 * 4).reshape(-1, 2).T
        radius = numpy.sqrt(-2 * numpy.log(1 - u))
        pairs = radius * numpy.cos(2 * numpy.pi * v), radius * numpy.sin(2 * numpy.pi * v)
        return numpy.stack(pairs, 1).ravel()[:count]

    def dropout_mask(self, count, rate):
        return (self.uniforms(count) >= numpy.float32(rate)) / (1 - rate)

    def shuffled_batch(self, batch, examples):
        """Indices of the step's examples: twin of shaders/data/batch_indices.comp."""
        stream, steps = self.next_stream(), examples // batch
        position = self.step % steps * batch
        return [self.permute(position + row, examples, self.step // steps, stream)
                for row in range(batch)]

    def permute(self, x, examples, epoch, stream):
        half = max(1, ((examples - 1).bit_length() + 1) // 2)
        x = self.feistel(x, half, epoch, stream)
        while x >= examples:
            x = self.feistel(x, half, epoch, stream)
        return x

    def feistel(self, x, half, epoch, stream):
        mask = (1 << half) - 1
        left, right = x >> half, x & mask
        for turn in range(4):
            word = philox((right, turn, epoch, stream | 0x80000000), self.key)[0]
            left, right = right, left ^ (int(word[0]) & mask)
        return left << half | right
