#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "engine/base/cache_folder.h"
#include "engine/hal/tuning.h"
#include "engine/ops/tune.h"
#include "native/training/load_data.h"

namespace pumice {

/// Where the choices of kernels come from.
enum class TuneMode : uint8_t {
  kOff,   ///< fixed rules
  kAuto,  ///< measurements; those made before are remembered. Fixed rules if they cannot be stored
  kRedo,  ///< measurements made now
};

/// By name: "off", "auto", "redo". Throws Error for other names.
TuneMode tune_mode_named(std::string_view name);

/// kAuto on GPUs, else kOff: drivers on the CPU and the CPU device have one good kernel for each
/// shape.
TuneMode default_tune_mode(const hal::Limits& limits);

struct TuneRequest {
  TuneMode mode = TuneMode::kAuto;
  std::filesystem::path folder = cache_folder();  ///< for the TuningFile; empty: none
  Notify notify;
  ops::Measure measure;  ///< by default ops::measure_on the device
  ops::TuneBudget budget = {.seconds = 20, .now = ops::steady_seconds};
};

/// The limits of the device that a recipe's trainer is built for: with the recipe's precision and
/// these choices, which may be null.
hal::Limits training_limits(hal::Limits limits, const Recipe& recipe,
                            std::shared_ptr<hal::Tuning> tuning);

/// The shapes that programs multiply and convolve, by key. `build` builds the programs for a device
/// with these limits that takes neither memory nor time.
hal::Tuning::Wanted shapes_in(hal::Limits limits, const std::function<void(hal::Device&)>& build);

/// Those of the programs of a training, or of one of its ranks. Throws Error as TrainingRun does.
hal::Tuning::Wanted shapes_in_training(const hal::Limits& limits, const Recipe& recipe,
                                       const TrainingData& data,
                                       train::Ranks& ranks = train::single_rank());

/// Choices for exactly these shapes: the stored ones, and measurements of those that are missing,
/// which are then stored. A shape for which there was no time keeps the rule's choice in later runs
/// too, until kRedo, so that they give the same bits. Null, for fixed rules, if the mode is kOff,
/// or kAuto and nothing can be stored: later runs would measure, and might choose, differently.
std::shared_ptr<hal::Tuning> tune_kernels(hal::Device& device, const hal::Tuning::Wanted& wanted,
                                          const TuneRequest& request);

}  // namespace pumice
