#version 450
#include "kernel.glsl"
// update.comp with the gradients in a texel buffer, which lavapipe reads three times faster.
layout(local_size_x = 256) in;
layout(constant_id = 0) const uint method = 1;        // 0 SGD, 1 Adam, 2 RMSprop
layout(constant_id = 1) const uint has_momentum = 0;  // else SGD and RMSprop leave m alone
TEXELS(0, gradient);
#define GRADIENT(i) texelFetch(gradient, int(i))
#include "update.glsl"
