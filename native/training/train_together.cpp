#include "native/training/train_together.h"

#include "engine/train/weaver.h"
#include "native/system/interrupts.h"

namespace pumice {
namespace {

/// The runs that have not ended.
class Together {
 public:
  Together(hal::Device& device, const std::vector<NamedRun>& runs, const TrainingRun::Stop& stop,
           const std::function<void(const FailedRun&)>& on_failure)
      : runs_(runs), stop_(stop), on_failure_(on_failure), weaver_(device) {}

  void go() {
    for (size_t i = 0; i < runs_.size(); ++i) {
      if (attempt(i, [&] { runs_[i].run->begin(); })) active_.push_back(i);
    }
    while (step()) {
    }
  }

 private:
  /// Whether there was one.
  bool step() {
    std::vector<train::NamedPrograms> steps;
    std::vector<size_t> active;
    for (size_t i : active_) {
      train::Programs programs;
      attempt(i, [&] { programs = runs_[i].run->next_step(stop_); });
      if (programs.empty()) continue;
      active.push_back(i);
      steps.push_back({runs_[i].name, std::move(programs)});
    }
    if (active.size() < active_.size()) weaver_.clear();
    active_ = std::move(active);
    weaver_.run(steps);
    return !active_.empty();
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
