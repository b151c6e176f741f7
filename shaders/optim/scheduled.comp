#version 450
#include "kernel.glsl"
#include "schedule.glsl"
// y = value times the schedule's factor at the current step.
layout(local_size_x = 1) in;
IN(0, uint, step_state);
OUT(1, vec4, y);
PARAMS { float value; uint warm_up_steps; uint decay; uint steps; float factor; };
void main() {
    Schedule schedule = Schedule(warm_up_steps, decay, steps, factor);
    y[0] = vec4(value * factor_at(schedule, step_state[0]), 0.0, 0.0, 0.0);
}
