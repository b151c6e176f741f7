#version 450
#include "kernel.glsl"
// The dynamic loss scale of mixed precision (Micikevicius et al., 2018, arXiv 1710.03740), with the
// constants of PyTorch's GradScaler. state = (scale, steps since it changed). Gradients of loss · scale
// that are not finite halve the scale and skip the update; kPatience good steps double it. At a scale
// of 1 nothing is skipped, so that a model that diverges is noticed.
layout(local_size_x = 1) in;
IN(0, float, scaled_norm);  // of the gradients of loss · scale
INOUT(1, float, state);
OUT(2, vec4, norm);     // of the gradients of the loss; 0 if the update is skipped
OUT(3, vec4, factors);  // of the rates: the last one undoes the scale, or is negative to skip

const float kPatience = 2000.0;
const float kLargestScale = 16777216.0;
const float kLargest = 3.4e38;

void main() {
    float scale = state[0];
    bool finite = scaled_norm[0] <= kLargest;
    bool skips = !finite && scale > 1.0;
    norm[0] = vec4(skips ? 0.0 : scaled_norm[0] / scale, 0.0, 0.0, 0.0);
    factors[0] = vec4(1.0, 1.0, 1.0, skips ? -1.0 : 1.0 / scale);
    float good = finite ? state[1] + 1.0 : 0.0;
    bool grows = good >= kPatience;
    if (skips) state[0] = scale * 0.5;
    else if (grows) state[0] = min(scale * 2.0, kLargestScale);
    state[1] = grows ? 0.0 : good;
}
