#pragma once

#include "engine/hal/device.h"
#include "native/evaluation/own_classifier.h"
#include "native/training/load_data.h"

namespace pumice {

/// Trains the classifier and keeps its checkpoint as its file; says what it does and how long it
/// takes, and draws a progress bar on stderr. Throws Interrupted when stopped by Ctrl-C; the next
/// call resumes. If another program is already training it, waits for that.
void train_extractor(hal::Device& device, const OwnClassifier& own, const Notify& notify);

}  // namespace pumice
