// A factor that depends on the step; optim/schedule.cpp has the same formulas.
#ifndef PUMICE_SCHEDULE_GLSL
#define PUMICE_SCHEDULE_GLSL
#include "random.glsl"

// C++ enum Decay: how a learning rate falls after its warm-up; factor_at() has the formulas.
const uint kNone = 0u;
const uint kCosine = 1u;       // from 1 to `factor` over `steps`, then constant (Loshchilov and Hutter, 2017)
const uint kStep = 2u;         // multiplied by `factor` every `steps`
const uint kExponential = 3u;  // multiplied by `factor` every `steps`, smoothly

struct Schedule {
    uint warm_up_steps;
    uint decay;
    uint steps;
    float factor;
};

float factor_at(Schedule schedule, uint step) {
    if (step < schedule.warm_up_steps) return float(step + 1u) / float(schedule.warm_up_steps);
    uint since = step - schedule.warm_up_steps;
    float periods = float(since) / float(max(schedule.steps, 1u));
    switch (schedule.decay) {
        case kCosine: {
            float cosine = unit_circle(0.5 * min(periods, 1.0)).x;
            return schedule.factor + (1.0 - schedule.factor) * 0.5 * (1.0 + cosine);
        }
        case kStep: return exp(float(since / max(schedule.steps, 1u)) * natural_log(schedule.factor));
        case kExponential: return exp(periods * natural_log(schedule.factor));
    }
    return 1.0;
}
#endif
