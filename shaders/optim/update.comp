#version 450
#include "kernel.glsl"
// One update of the flat parameters p from their gradients g, one thread per vec4. `rates`: see
// rates.comp. PyTorch's formulas:
//   SGD      m = μ·m + g,  p -= lr·m                          (Nesterov: p -= lr·(g + μ·m))
//   Adam     m = β1·m + (1-β1)·g,  v = β2·v + (1-β2)·g²,  p -= lr'·m / (sqrt(v)·c + ε) + lr·decay·p
//   RMSprop  v = α·v + (1-α)·g²,  p -= lr·g / (sqrt(v) + ε)   (momentum: m = μ·m + …, p -= lr·m)
// with decay·p added to g but in Adam (Loshchilov and Hutter, 2019).
layout(local_size_x = 256) in;
layout(constant_id = 0) const uint method = 1;        // 0 SGD, 1 Adam, 2 RMSprop
layout(constant_id = 1) const uint has_momentum = 0;  // else SGD and RMSprop leave m alone
IN(0, vec4, gradient);
#define GRADIENT(i) gradient[i]
#include "update.glsl"
