#pragma once

#include "native/commands/session.h"
#include "native/training/tuning.h"

namespace pumice::commands {

/// Adds --tune. `tune` stays empty without it.
void add_tune_option(CLI::App& command, std::string& tune);

/// The choices of kernels that `tune` asks for, by default as default_tune_mode says; null: fixed
/// rules. `shapes` returns what the device will compute; it is called if needed.
std::shared_ptr<hal::Tuning> choose_kernels(hal::Device& device, const std::string& tune,
                                            const std::function<hal::Tuning::Wanted()>& shapes,
                                            const Session& session);

}  // namespace pumice::commands
