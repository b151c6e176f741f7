// Walks x[rows, channels] by vec4s. A thread stays with four channels and keeps what belongs to them
// in registers: `period` vec4s, after which the channels repeat, go to as many neighbouring threads,
// and these take `length` such periods, one behind the other. The number of threads is `stride`.
#ifndef PUMICE_COLUMNS_GLSL
#define PUMICE_COLUMNS_GLSL

uint first_of(uint id, uint period, uint length) {
    return id / period * period * length + id % period;
}

// The channels of the lanes of vec4 `index`.
uvec4 channels_of(uint index, uint channels) {
    return (4u * (index % channels) + uvec4(0u, 1u, 2u, 3u)) % channels;
}

#define gather(values, at) vec4(values[at.x], values[at.y], values[at.z], values[at.w])

#endif
