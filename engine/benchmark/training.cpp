#include "engine/benchmark/training.h"

#include <algorithm>
#include <cmath>

#include "engine/benchmark/timing.h"

namespace pumice::benchmark {
namespace {

constexpr double kBlocks = 30;      // samples in a block
constexpr double kSlowSeconds = 1;  // a step that takes longer is worth announcing

/// Before the first step, which may take minutes.
void announce_slowness(const Workload& workload, double flops_per_second, const Notify& notify) {
  if (flops_per_second <= 0) return;
  const double least = workload.flops_per_image * workload.model.batch / flops_per_second;
  if (least < kSlowSeconds) return;
  notify(fmt::format("{}: a step takes at least {:.2g} s on this device, and two are needed",
                     workload.name, least));
}

/// Times a workload's steps within its share of the time.
class Run {
 public:
  Run(SyntheticTraining& training, const Workload& workload, double share, const Notify& notify)
      : training_(training), workload_(workload), share_(share), notify_(notify), begin_(now()) {}

  TrainingResult measure();

 private:
  uint32_t batch() const { return training_.batch(); }
  double left() const { return share_ - (now() - begin_); }
  void announce(double step_seconds) const;
  /// Adds the speed of a block of steps.
  void time_block(uint32_t steps);
  /// Runs the steps whose losses are compared.
  void run_checked(double step_seconds);
  void fill_share(double step_seconds);
  Verdict verdict();

  SyntheticTraining& training_;
  const Workload& workload_;
  double share_;
  const Notify& notify_;
  double begin_;
  TrainingResult result_;
};

void Run::announce(double step_seconds) const {
  const double checked = step_seconds * workload_.checked_steps;
  if (step_seconds < kSlowSeconds && checked < share_) return;
  const double steps = std::clamp(std::floor(share_ / step_seconds), 2.0,
                                  std::floor(std::max(checked, share_) / step_seconds));
  notify_(fmt::format("{}: a step takes {:.2g} s; about {:.0f} steps, {:.0f} s", workload_.name,
                      step_seconds, steps, std::max(share_, 2 * step_seconds)));
}

void Run::time_block(uint32_t steps) {
  const double seconds = training_.seconds(steps);
  result_.speed.samples.push_back(steps * batch() / seconds);
  result_.steps += steps;
}

// On a fast device these steps are the warm-up; a slow one makes few others.
void Run::run_checked(double step_seconds) {
  const uint32_t rest = workload_.checked_steps - training_.trainer().step();
  if (rest * step_seconds < share_ / 2) {
    training_.seconds(rest);
    return;
  }
  for (uint32_t i = 0; i < rest && left() > step_seconds; ++i) time_block(1);
}

void Run::fill_share(double step_seconds) {
  const double block = std::max(left() / kBlocks, step_seconds);
  const auto steps = static_cast<uint32_t>(std::max(block / step_seconds, 1.0));
  while (left() > block || result_.steps == 0) time_block(steps);
}

Verdict Run::verdict() {
  if (batch() != workload_.model.batch) {
    return {
        .text = fmt::format("unchecked: the reference is for batches of {}", workload_.model.batch),
        .curves = {}};
  }
  return judge(workload_, reference_of(workload_), training_.trainer().step_metrics());
}

TrainingResult Run::measure() {
  result_ = {.speed = {.name = std::string(workload_.name), .unit = "images/s", .samples = {}},
             .batch = batch(),
             .frozen_batch = workload_.model.batch,
             .flops_per_image = workload_.flops_per_image,
             .verdict = {}};
  result_.first_step_seconds = training_.seconds(1);
  const double step_seconds = training_.seconds(1);
  announce(step_seconds);
  run_checked(step_seconds);
  result_.verdict = verdict();
  if (result_.steps == 0 && left() < step_seconds) {
    result_.speed.samples.push_back(batch() / step_seconds);
    result_.steps = 1;
  }
  fill_share(step_seconds);
  return result_;
}

TrainingResult measure_batch(hal::Device& device, const Workload& workload, uint32_t batch,
                             double seconds, const Notify& notify) {
  SyntheticModel model = workload.model;
  model.batch = batch;
  SyntheticTraining training(device, model, workload.images);
  return Run(training, workload, seconds, notify).measure();
}

}  // namespace

TrainingResult measure_training(hal::Device& device, const Workload& workload, double seconds,
                                double flops_per_second, const Notify& notify) {
  announce_slowness(workload, flops_per_second, notify);
  for (uint32_t batch = workload.model.batch;; batch /= 2) {
    try {
      TrainingResult result = measure_batch(device, workload, batch, seconds, notify);
      if (flops_per_second > 0) {
        result.speed.fraction_of_ceiling =
            result.speed.summary().median * workload.flops_per_image / flops_per_second;
      }
      return result;
    } catch (const hal::OutOfMemory& error) {
      if (batch == 1) throw;
      notify(fmt::format("{}: {}; trying half the batch", workload.name, error.what()));
    }
  }
}

std::vector<TrainingResult> measure_workloads(hal::Device& device,
                                              std::span<const Workload> workloads, double seconds,
                                              const Ceilings& ceilings, const Notify& notify,
                                              const Notify& begin) {
  std::vector<TrainingResult> results;
  const double share = seconds / static_cast<double>(workloads.size());
  for (const Workload& workload : workloads) {
    if (begin) begin(std::string(workload.name));
    results.push_back(
        measure_training(device, workload, share, ceilings.flops_per_second(), notify));
  }
  return results;
}

}  // namespace pumice::benchmark
