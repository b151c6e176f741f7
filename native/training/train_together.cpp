#include "native/training/train_together.h"

#include "engine/hal/weave.h"
#include "engine/train/weaver.h"
#include "native/system/interrupts.h"

namespace pumice {
namespace {

// Enough to make up for the first, for which a run's data has to come back to the caches.
constexpr int kStepsInTurn = 16;

/// The runs that have not ended.
class Together {
 public:
  Together(hal::Device& device, const std::vector<NamedRun>& runs, const TrainingRun::Stop& stop,
           const std::function<void(const FailedRun&)>& on_failure)
      : runs_(runs),
        stop_(stop),
        on_failure_(on_failure),
        is_woven_(hal::gains_from_weaving(device.limits())),
        weaver_(device) {}

  void go() {
    for (size_t i = 0; i < runs_.size(); ++i) {
      if (attempt(i, [&] { runs_[i].run->begin(); })) active_.push_back(i);
    }
    while (!active_.empty()) is_woven_ ? step_together() : step_in_turn();
  }

 private:
  void step_together() {
    std::vector<train::NamedPrograms> steps;
    std::vector<size_t> active;
    for (size_t i : active_) {
      train::Programs programs = next_step(i);
      if (programs.empty()) continue;
      active.push_back(i);
      steps.push_back({runs_[i].name, std::move(programs)});
    }
    if (active.size() < active_.size()) weaver_.clear();
    active_ = std::move(active);
    weaver_.run(steps);
  }

  void step_in_turn() {
    std::erase_if(active_, [&](size_t i) {
      for (int step = 0; step < kStepsInTurn; ++step) {
        train::Programs programs = next_step(i);
        if (programs.empty()) return true;
        weaver_.run({{runs_[i].name, std::move(programs)}});
      }
      return false;
    });
  }

  /// Nothing if the run has ended.
  train::Programs next_step(size_t i) {
    train::Programs programs;
    attempt(i, [&] { programs = runs_[i].run->next_step(stop_); });
    return programs;
  }

  /// Whether it succeeded.
  template <typename Action>
  bool attempt(size_t index, const Action& action) try {
    action();
    return true;
  } catch (const hal::DeviceLost&) {
    throw;
  } catch (const system::Interrupted&) {
    throw;
  } catch (const Error& error) {
    on_failure_({index, error.what()});
    return false;
  }

  const std::vector<NamedRun>& runs_;
  const TrainingRun::Stop& stop_;
  const std::function<void(const FailedRun&)>& on_failure_;
  bool is_woven_;
  train::Weaver weaver_;
  std::vector<size_t> active_;
};

}  // namespace

void train_together(hal::Device& device, const std::vector<NamedRun>& runs,
                    const TrainingRun::Stop& stop,
                    const std::function<void(const FailedRun&)>& on_failure) {
  Together(device, runs, stop, on_failure).go();
}

}  // namespace pumice
