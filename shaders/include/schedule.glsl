// How a number changes with the steps; optim/schedule.cpp has the same formulas.
#ifndef PUMICE_SCHEDULE_GLSL
#define PUMICE_SCHEDULE_GLSL
#include "random.glsl"

struct Schedule {
    uint warm_up_steps;
    uint decay;  // 0 none, 1 cosine, 2 step, 3 exponential
    uint steps;
    float factor;
};

float factor_at(Schedule schedule, uint step) {
    if (step < schedule.warm_up_steps) return float(step + 1u) / float(schedule.warm_up_steps);
    uint since = step - schedule.warm_up_steps;
    float periods = float(since) / float(max(schedule.steps, 1u));
    switch (schedule.decay) {
        case 1u: {
            float cosine = unit_circle(0.5 * min(periods, 1.0)).x;
            return schedule.factor + (1.0 - schedule.factor) * 0.5 * (1.0 + cosine);
        }
        case 2u: return exp(float(since / max(schedule.steps, 1u)) * natural_log(schedule.factor));
        case 3u: return exp(periods * natural_log(schedule.factor));
    }
    return 1.0;
}
#endif
