#version 450
#include "kernel.glsl"
#include "random.glsl"
// The examples in rows first … first + rows - 1 of this step's batch, one thread per row. In order: row
// i of step s is example s·batch + i; past the end its weight is 0 (in the last batch of a test set). Shuffled: each epoch
// walks a permutation of all examples, keyed by seed and epoch; a Feistel network on the next even
// number of bits, iterated until the result is in range (Black and Rogaway, "Ciphers with arbitrary
// finite domains", 2002).
layout(local_size_x = 64) in;
layout(constant_id = 0) const uint shuffled = 0;
IN(0, uint, step_state);  // step, seed low, seed high
OUT(1, uint, index);
OUT(2, float, weight);
PARAMS { uint rows; uint first; uint batch; uint examples; uint steps_per_epoch; uint half_bits; uint stream; };

uint feistel(uint x, uint epoch) {
    uint mask = (1u << half_bits) - 1u;
    uint left = x >> half_bits;
    uint right = x & mask;
    for (uint round = 0u; round < 4u; ++round) {
        // The high bit separates these counters from those of random.comp.
        uvec4 counter = uvec4(right, round, epoch, stream | 0x80000000u);
        uint mixed = philox(counter, uvec2(step_state[1], step_state[2])).x & mask;
        uint next = left ^ mixed;
        left = right;
        right = next;
    }
    return (left << half_bits) | right;
}

uint permute(uint x, uint epoch) {
    x = feistel(x, epoch);
    while (x >= examples) x = feistel(x, epoch);
    return x;
}

void main() {
    uint row = flat_id();
    if (row >= rows) return;
    uint step_in_epoch = step_state[0] % steps_per_epoch;
    uint position = step_in_epoch * batch + first + row;
    uint inside = min(position, examples - 1u);
    index[row] = shuffled == 1u ? permute(inside, step_state[0] / steps_per_epoch) : inside;
    weight[row] = position < examples ? 1.0 : 0.0;
}
