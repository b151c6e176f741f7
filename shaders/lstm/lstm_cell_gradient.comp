#version 450
#include "kernel.glsl"
#include "smooth.glsl"
// One step back through time, the gradient of lstm_cell.comp:
//   dh = dy + (what the next step's product gave),  dc = dh·o·(1 - tanh²c) + (what its c gave)
// gives the gradients of the four gates before their activations, and that of c'. One thread per
// four units of one sequence. The gradients of the gates are written twice: for the product of the
// previous step and into those of all steps.
layout(local_size_x = 64) in;
layout(constant_id = 0) const uint kIsFirst = 0u;  // the first step of the sequence: c' is zero
layout(constant_id = 1) const uint kIsLast = 0u;   // the last step of the sequence
IN(0, vec4, dy);          // [B, T, H]
IN(1, vec4, from_hidden); // [B, H]; any readable buffer at the last step
IN(2, vec4, from_cell);   // [B, H]; any readable buffer at the last step
IN(3, vec4, state);       // [B, 5H]
IN(4, vec4, before);      // [B, 5H]; any readable buffer at the first step
OUT(5, vec4, all_gates);  // [B, T, 4H]
OUT(6, vec4, gates);      // [B, 4H]
OUT(7, vec4, cell);       // [B, H]
PARAMS { uint batch; uint steps; uint step; uint quads; };

void main() {
    uint id = flat_id();
    if (id >= batch * quads) return;
    uint row = id / quads;
    uint unit = id % quads;
    uint line = row * steps + step;
    uint first = 5u * row * quads + unit;
    vec4 i = state[first];
    vec4 f = state[first + quads];
    vec4 g = state[first + 2u * quads];
    vec4 o = state[first + 3u * quads];
    vec4 t = tanh_stable(state[first + 4u * quads]);

    vec4 dh = dy[line * quads + unit];
    if (kIsLast == 0u) dh += from_hidden[id];
    vec4 dc = dh * o * (1.0 - t * t);
    if (kIsLast == 0u) dc += from_cell[id];

    vec4 gradient[4];
    gradient[0] = dc * g * i * (1.0 - i);
    gradient[1] = vec4(0.0);
    if (kIsFirst == 0u) gradient[1] = dc * before[first + 4u * quads] * f * (1.0 - f);
    gradient[2] = dc * i * (1.0 - g * g);
    gradient[3] = dh * t * o * (1.0 - o);
    for (uint k = 0u; k < 4u; ++k) {
        all_gates[(4u * line + k) * quads + unit] = gradient[k];
        gates[(4u * row + k) * quads + unit] = gradient[k];
    }
    cell[id] = dc * f;
}
