#version 450
#include "kernel.glsl"
#extension GL_EXT_control_flow_attributes : require
#include "epilogue.glsl"
#pragma cpu_form(none)
// y[i] = activation(s + bias[i % n]) or s · activation'(v[i]), s = Σ over parts of x[part, i], for
// GPUs: completes a product whose terms were split. Eight threads share a vec4; each adds every
// eighth part, then one of them adds their sums, in order.
layout(local_size_x = 256) in;
IN(0, vec4, x);
IN(1, float, operand);  // [n]: see epilogue.glsl; any readable buffer if kOperand is 0
OUT(2, vec4, y);
PARAMS { uint parts; uint count; uint n; float slope; };

// C++ constants: the threads that share a vec4.
const uint kStrands = 8u;

const uint kWidth = 32u;
shared vec4 sums[kStrands][kWidth];

void main() {
    uint strand = gl_LocalInvocationID.x / kWidth;
    uint lane = gl_LocalInvocationID.x % kWidth;
    uint i = flat_group() * kWidth + lane;
    uint quads = (count + 3u) / 4u;
    uint safe = min(i, quads - 1u);
    vec4 sum = vec4(0.0);
    for (uint part = strand; part < parts; part += 4u * kStrands) {
        [[unroll]] for (uint step = 0u; step < 4u; ++step) {
            uint own = part + step * kStrands;
            vec4 value = x[min(own, parts - 1u) * quads + safe];
            if (own < parts) sum += value;
        }
    }
    sums[strand][lane] = sum;
    barrier();
    if (strand != 0u || i >= quads) return;
    for (uint other = 1u; other < min(kStrands, parts); ++other) sum += sums[other][lane];
    vec4 own = vec4(0.0);
    if (is_set(kOperand)) {
        uvec4 at = (4u * i + uvec4(0u, 1u, 2u, 3u)) % n;
        own = vec4(operand[at.x], operand[at.y], operand[at.z], operand[at.w]);
    }
    y[i] = keep_padding_zero(completed(sum, own, slope), i, count);
}
