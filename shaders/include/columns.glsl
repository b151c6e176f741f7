// Walks x[rows, channels] by vec4s: thread `id` takes the vec4s id, id + stride, … Since `stride` is
// a multiple of channels / 4 (where 4 does not divide the channels: of the vec4s after which they
// repeat), a thread stays with four channels and keeps what belongs to them in registers.
#ifndef PUMICE_COLUMNS_GLSL
#define PUMICE_COLUMNS_GLSL

// The channels of the lanes of vec4 `index`.
uvec4 channels_of(uint index, uint channels) {
    return (4u * (index % channels) + uvec4(0u, 1u, 2u, 3u)) % channels;
}

#define gather(values, at) vec4(values[at.x], values[at.y], values[at.z], values[at.w])

#endif
