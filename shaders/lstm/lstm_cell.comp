#version 450
#include "kernel.glsl"
#include "smooth.glsl"
// One step of a long short-term memory (Hochreiter and Schmidhuber, 1997); c' and h' are those of
// the previous step:
//   i, f, o = σ(projection + h'·recurrentᵀ),  g = tanh(projection + h'·recurrentᵀ)
//   c = f·c' + i·g,  h = o·tanh(c)
// One thread per four units of one sequence. h is written twice: for the next step's product and
// into the whole sequence.
layout(local_size_x = 64) in;
layout(constant_id = 0) const uint kIsFirst = 0u;  // the first step: c' and h' are zero
IN(0, vec4, projection);  // [B, T, 4H]
IN(1, vec4, product);     // [B, 4H]; unused at the first step: any readable buffer
IN(2, vec4, before);      // [B, 5H]: state of the previous step; unused at the first
OUT(3, vec4, sequence);   // [B, T, H]
OUT(4, vec4, hidden);     // [B, H]
OUT(5, vec4, state);      // [B, 5H]: i, f, g, o, c, for the gradient
PARAMS { uint batch; uint steps; uint step; uint quads; };

void main() {
    uint id = flat_id();
    if (id >= batch * quads) return;
    uint row = id / quads;
    uint unit = id % quads;
    uint line = row * steps + step;

    vec4 gate[4];
    for (uint k = 0u; k < 4u; ++k) {
        gate[k] = projection[(4u * line + k) * quads + unit];
        if (kIsFirst == 0u) gate[k] += product[(4u * row + k) * quads + unit];
    }
    vec4 i = logistic(gate[0]);
    vec4 f = logistic(gate[1]);
    vec4 g = tanh_stable(gate[2]);
    vec4 o = logistic(gate[3]);
    uint first = 5u * row * quads + unit;
    vec4 c = i * g;
    if (kIsFirst == 0u) c += f * before[first + 4u * quads];
    vec4 h = o * tanh_stable(c);

    state[first] = i;
    state[first + quads] = f;
    state[first + 2u * quads] = g;
    state[first + 3u * quads] = o;
    state[first + 4u * quads] = c;
    hidden[id] = h;
    sequence[line * quads + unit] = h;
}
