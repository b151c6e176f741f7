#include "native/commands/train/train_kernels.h"

#include "engine/hal/device_with_limits.h"
#include "engine/io/tuning_json.h"
#include "native/commands/kernel_choices.h"
#include "native/system/device_text.h"

namespace pumice::commands {
namespace {

bool is_from_another_device(const io::TrainingRecord& record, const hal::Device& device) {
  return !record.device.empty() && record.device != system::device_line(device.limits());
}

std::shared_ptr<hal::Tuning> choices_of(const io::Checkpoint& run) {
  const std::string text = run.training().tuning;
  if (text.empty()) return nullptr;
  return std::make_shared<hal::Tuning>(io::choices_from_json(text, run.file_name() + ": tuning"));
}

}  // namespace

std::shared_ptr<hal::Tuning> kernels_for(hal::Device& device, const Recipe& recipe,
                                         const TrainingData& data, const io::Checkpoint* resume,
                                         const std::string& tune, const Session& session,
                                         train::Ranks& ranks) {
  const bool is_resumed_here =
      resume != nullptr && !is_from_another_device(resume->training(), device);
  if (is_resumed_here && tune.empty()) return choices_of(*resume);
  hal::DeviceWithLimits training_device(device, training_limits(device.limits(), recipe, nullptr));
  return choose_kernels(
      training_device, tune,
      [&] { return shapes_in_training(device.limits(), recipe, data, ranks); }, session);
}

/// Different devices, drivers and instruction sets round differently.
void tell_of_another_device(const io::TrainingRecord& record, const hal::Device& device,
                            const Session& session) {
  if (!is_from_another_device(record, device)) return;
  session.note(
      fmt::format("the run was trained on {} so far and continues on {}: results will differ in "
                  "their last digits from those of an uninterrupted run",
                  record.device, system::device_line(device.limits())));
}

void tell_of_missing_precision(const Recipe& recipe, const hal::Limits& limits,
                               const Session& session) {
  const bool is_f32 = hal::precision_by_name(recipe.train.precision) == hal::Precision::kF32;
  if (is_f32 || has(limits, hal::Feature::kCooperativeMatrix)) return;
  session.note(
      fmt::format("train.precision = {}: {} has no cooperative matrices of f16, so all "
                  "products are computed in f32",
                  recipe.train.precision, limits.device_name));
}

/// Kernels add up in different orders.
void tell_of_other_kernels(const io::TrainingRecord& record, const TrainingRun& run,
                           const Session& session) {
  if (record.tuning == run.record().tuning || is_from_another_device(record, run.device())) return;
  session.note(
      "the run was trained with other choices of kernels so far: results will differ in their last "
      "digits from those of an uninterrupted run");
}

}  // namespace pumice::commands
