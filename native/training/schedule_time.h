#pragma once

#include "native/training/training_run.h"

namespace pumice {

/// The seconds that the run's whole schedule would take on its device, without tests, images and
/// evaluation: measured over some steps, for at most a few seconds. Changes the run's parameters.
double measure_schedule(TrainingRun& run);

/// "40 s", "12 min", "3 h 20 min", "5 days 3 h".
std::string long_duration_text(double seconds);

}  // namespace pumice
