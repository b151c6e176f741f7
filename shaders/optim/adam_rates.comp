#version 450
#include "kernel.glsl"
// The two factors of this step's Adam update that do not depend on the parameter:
//   rates = (lr / (1 - β1^t), 1 / sqrt(1 - β2^t)),  t = step + 1.
layout(local_size_x = 1) in;
IN(0, uint, clock);
IN(1, float, learning_rate);
OUT(2, vec4, rates);
PARAMS { float log_beta1; float log_beta2; };

// 1 - exp(x), x <= 0; the series keeps the digits that 1 - exp(x) loses near zero.
float one_minus_exp(float x) {
    if (x < -0.1) return 1.0 - exp(x);
    return -x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0))));
}

void main() {
    float t = float(clock[0] + 1u);
    rates[0] = vec4(learning_rate[0] / one_minus_exp(t * log_beta1),
                    inversesqrt(one_minus_exp(t * log_beta2)), 0.0, 0.0);
}
