// One source for kernels that go element by element and those that go by vec4s, where the innermost
// rows are whole ones (the constant kInVec4s of the shader): there sizes and indices count vec4s,
// except for `count`. Else load() gives a number four times over, and one is kept.
#ifndef PUMICE_ELEMENTS_GLSL
#define PUMICE_ELEMENTS_GLSL
#include "divide.glsl"

#define number(values, at) vec4(fetch(values, (at) / 4u)[(at) % 4u])
#define load(values, at) (kInVec4s == 1u ? fetch(values, at) : number(values, at))

// Stores element(id) of all that a thread makes of `count` elements of the result.
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
