// Traverses x[rows, channels] in vec4s. Each thread processes only four channels and keeps their
// data in registers: a period of `period` vec4s, after which the channels repeat, is distributed
// over as many neighbouring threads, which process `length` consecutive periods. The number of
// threads is `stride`.
#ifndef PUMICE_COLUMNS_GLSL
#define PUMICE_COLUMNS_GLSL

// C++ constants: the steps per loop iteration of traversals that sum, a divisor of `length`. On
// lavapipe an iteration has as much overhead as a step.
const uint kStepsAtOnce = 4u;

uint first_of(uint id, uint period, uint length) {
    return id / period * period * length + id % period;
}

// The channels of the lanes of vec4 `index`.
uvec4 channels_of(uint index, uint channels) {
    return (4u * (index % channels) + uvec4(0u, 1u, 2u, 3u)) % channels;
}

// The number of one channel, or of four, from a vector with one number per channel.
#define number_of(values, channel) fetch(values, (channel) / 4u)[(channel) % 4u]
#define numbers_of(values, at) \
    vec4(number_of(values, at.x), number_of(values, at.y), number_of(values, at.z), \
         number_of(values, at.w))

#endif
