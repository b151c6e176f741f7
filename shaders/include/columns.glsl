// Walks x[rows, channels] by vec4s. A thread stays with four channels and keeps what belongs to them
// in registers: `period` vec4s, after which the channels repeat, go to as many neighbouring threads,
// and these take `length` such periods, one behind the other. The number of threads is `stride`.
#ifndef PUMICE_COLUMNS_GLSL
#define PUMICE_COLUMNS_GLSL

// C++ constants: the steps that walks which sum take at once, a divisor of `length`: a loop's turn
// costs lavapipe as much as a step.
const uint kStepsAtOnce = 4u;

uint first_of(uint id, uint period, uint length) {
    return id / period * period * length + id % period;
}

// The channels of the lanes of vec4 `index`.
uvec4 channels_of(uint index, uint channels) {
    return (4u * (index % channels) + uvec4(0u, 1u, 2u, 3u)) % channels;
}

// Of a vector with a number per channel, those of one channel or of four.
#define number_of(values, channel) fetch(values, (channel) / 4u)[(channel) % 4u]
#define numbers_of(values, at) \
    vec4(number_of(values, at.x), number_of(values, at.y), number_of(values, at.z), \
         number_of(values, at.w))

#endif
