#include "native/training/tuning.h"

#include "engine/base/count_of.h"
#include "engine/base/require.h"
#include "engine/hal/device_with_limits.h"
#include "engine/hal/null/null_device.h"
#include "native/system/file_lock.h"
#include "native/training/model_on_device.h"
#include "native/training/model_recipe.h"
#include "native/training/tuning_file.h"

namespace pumice {
namespace {

using Choices = hal::Tuning::Choices;
using Wanted = hal::Tuning::Wanted;

/// The part of `known` that is wanted: a run must not depend on what others measured.
std::shared_ptr<hal::Tuning> table_of(const Choices& known, const Wanted& wanted) {
  Choices choices;
  for (const auto& [key, problem] : wanted) choices[key] = known.at(key);
  return std::make_shared<hal::Tuning>(std::move(choices));
}

/// The shapes to measure now.
Wanted missing_in(const Choices& known, const Wanted& wanted, TuneMode mode) {
  if (mode == TuneMode::kRedo) return wanted;
  Wanted missing;
  for (const auto& shape : wanted) {
    if (!known.contains(shape.first)) missing.insert(shape);
  }
  return missing;
}

Choices measured(hal::Device& device, const Wanted& wanted, const TuneRequest& request) {
  const hal::Limits& limits = device.limits();
  const std::string kernels = count_of(wanted.size(), "kernel");
  request.notify(fmt::format("tuning {} for {} (at most {:.0f} s)", kernels, limits.device_name,
                             request.budget.seconds));
  const double begin = request.budget.now();
  const ops::TuneResult result = ops::tune(
      wanted, limits, request.measure ? request.measure : ops::measure_on(device), request.budget);
  const size_t late = wanted.size() - result.measured - result.alone;
  request.notify(fmt::format(
      "tuned {} of {} in {:.1f} s, {} faster than by the fixed rule; {} without an alternative{}",
      result.measured, kernels, request.budget.now() - begin, result.changed, result.alone,
      late == 0 ? "" : fmt::format(", {} not in time (--tune redo tries again)", late)));
  return result.choices;
}

Choices stored(const TuningFile& file, const TuneRequest& request, const Notify& notify) {
  return request.folder.empty() ? Choices() : file.read(notify);
}

/// One program measures at a time, and the next finds what this one stored.
std::unique_ptr<system::FileLock> lock_for(const TuningFile& file, const TuneRequest& request) try {
  if (request.folder.empty()) return nullptr;
  std::error_code ignored;
  std::filesystem::create_directories(request.folder, ignored);
  return std::make_unique<system::FileLock>(
      std::filesystem::path(file.path()).replace_extension(".lock"),
      [&] { request.notify("waiting for another process that is tuning this device"); });
} catch (const Error&) {  // writing the file tells
  return nullptr;
}

/// Whether the choices are now in the file; if not, says what follows from that.
bool store(const TuningFile& file, const Choices& choices, const TuneRequest& request) try {
  require(!request.folder.empty(), "no cache folder: neither HOME nor XDG_CACHE_HOME is set");
  file.write(choices);
  return true;
} catch (const Error& error) {
  const bool is_auto = request.mode == TuneMode::kAuto;
  request.notify(fmt::format(
      "{}; {}", error.what(),
      is_auto ? "fixed rules choose the kernels" : "only this run uses what it measures"));
  return false;
}

}  // namespace

TuneMode tune_mode_named(std::string_view name) {
  if (name == "off") return TuneMode::kOff;
  if (name == "auto") return TuneMode::kAuto;
  require(name == "redo", "tune: expected off, auto or redo, got '{}'", name);
  return TuneMode::kRedo;
}

TuneMode default_tune_mode(const hal::Limits& limits) {
  return limits.prefers.many_threads ? TuneMode::kAuto : TuneMode::kOff;
}

hal::Limits training_limits(hal::Limits limits, const Recipe& recipe,
                            std::shared_ptr<hal::Tuning> tuning) {
  limits.prefers.precision = hal::precision_by_name(recipe.train.precision);
  limits.tuning = std::move(tuning);
  return limits;
}

Wanted shapes_in(hal::Limits limits, const std::function<void(hal::Device&)>& build) {
  limits.memory_bytes = 0;  // unlimited
  limits.tuning = std::make_shared<hal::Tuning>();
  const auto device = hal::null::create_device(limits);
  build(*device);
  return limits.tuning->wanted();
}

Wanted shapes_in_training(const hal::Limits& limits, const Recipe& recipe, const TrainingData& data,
                          train::Ranks& ranks) {
  return shapes_in(training_limits(limits, recipe, nullptr), [&](hal::Device& device) {
    const ModelOnDevice model(device, describe_model(recipe, image_kind(data.train)),
                              model_options(recipe));
    make_trainer(device, model.model(), recipe, upload(device, data), ranks);
  });
}

std::shared_ptr<hal::Tuning> tune_kernels(hal::Device& device, const Wanted& wanted,
                                          const TuneRequest& request) {
  if (request.mode == TuneMode::kOff) return nullptr;
  const TuningFile file(request.folder, device.limits());
  Choices known = stored(file, request, [](const std::string&) {});
  if (missing_in(known, wanted, request.mode).empty()) return table_of(known, wanted);
  const std::unique_ptr<system::FileLock> lock = lock_for(file, request);
  known = stored(file, request, request.notify);
  const Wanted missing = missing_in(known, wanted, request.mode);
  if (missing.empty()) return table_of(known, wanted);
  const bool can_store = store(file, known, request);
  if (!can_store && request.mode == TuneMode::kAuto) return nullptr;
  for (const auto& [key, choice] : measured(device, missing, request)) known[key] = choice;
  if (can_store) store(file, known, request);
  return table_of(known, wanted);
}

}  // namespace pumice
