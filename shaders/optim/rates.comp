#version 450
#include "kernel.glsl"
#include "nan.glsl"
#include "schedule.glsl"
// The rates of an update at step t = step + 1, the same for all parameters: rates =
//   (lr, Adam's lr / (1 - β1^t), Adam's 1 / sqrt(1 - β2^t), the factor that clips the gradients' norm)
layout(local_size_x = 1) in;
IN(0, uint, step_state);
IN(1, float, norm);  // read only if clip_norm is used
OUT(2, vec4, rates);
PARAMS {
    float learning_rate;
    uint warm_up_steps; uint decay; uint steps; float factor;
    float log_beta1; float log_beta2;
    float clip_norm;
};

// 1 - exp(x), x <= 0; the series keeps the precision that 1 - exp(x) loses near zero.
float one_minus_exp(float x) {
    if (x < -0.1) return 1.0 - exp(x);
    return -x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0))));
}

void main() {
    float lr = learning_rate * factor_at(Schedule(warm_up_steps, decay, steps, factor), step_state[0]);
    float t = float(step_state[0] + 1u);
    float clip = 1.0;
    if (clip_norm > 0.0) clip = clip_norm / larger(vec4(norm[0]), vec4(clip_norm)).x;
    rates[0] = vec4(lr, lr / one_minus_exp(t * log_beta1),
                    inversesqrt(one_minus_exp(t * log_beta2)), clip);
}
