#version 450
#include "kernel.glsl"
// history[step mod rows][quad] = (a, b, c, d): keeps metrics on the device until they are read.
layout(local_size_x = 1) in;
IN(0, float, a);
IN(1, float, b);
IN(2, float, c);
IN(3, float, d);
IN(4, uint, step_state);
INOUT(5, vec4, history);
PARAMS { uint rows; uint quads; uint quad; };
void main() { history[step_state[0] % rows * quads + quad] = vec4(a[0], b[0], c[0], d[0]); }
