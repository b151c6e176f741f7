// Shared source for kernels that work element by element or in vec4s. If the innermost rows are
// whole vec4s (the shader's constant kInVec4s), sizes and indices count vec4s, except for `count`.
// Otherwise load() returns a number replicated four times; one copy is kept.
#ifndef PUMICE_ELEMENTS_GLSL
#define PUMICE_ELEMENTS_GLSL
#include "divide.glsl"

#define number(values, at) vec4(fetch(values, (at) / 4u)[(at) % 4u])
#define load(values, at) (kInVec4s == 1u ? fetch(values, at) : number(values, at))

// Stores a thread's part of the `count` elements of the result, computed by element(id).
#define STORE_ELEMENTS(result, count)                                                 \
    uint i = flat_id();                                                               \
    if (4u * i >= count) return;                                                      \
    if (kInVec4s == 1u) {                                                             \
        result[i] = element(i);                                                       \
    } else {                                                                          \
        uvec4 ids = min(4u * i + uvec4(0u, 1u, 2u, 3u), uvec4(count - 1u));           \
        vec4 values = vec4(element(ids.x).x, element(ids.y).x, element(ids.z).x,      \
                           element(ids.w).x);                                         \
        result[i] = keep_padding_zero(values, i, count);                              \
    }

#endif
