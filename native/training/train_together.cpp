#include "native/training/train_together.h"

#include "engine/hal/weave.h"
#include "engine/train/weaver.h"
#include "native/system/interrupts.h"

namespace pumice {
namespace {

// Enough steps to amortise loading a run's data into the caches again.
constexpr int kStepsInTurn = 16;

/// The runs that have not ended.
class Together {
 public:
  Together(hal::Device& device, RunSupply& supply, const TrainingRun::Stop& stop)
      : supply_(supply),
        stop_(stop),
        is_woven_(device.limits().prefers.woven_programs),
        weaver_(device) {}

  void go() {
    begin_more();
    while (!active_.empty()) {
      const size_t before = active_.size();
      is_woven_ ? step_together() : step_in_turn();
      if (active_.size() < before) begin_more();
    }
  }

 private:
  void begin_more() {
    for (NamedRun next = supply_.next(); next.run != nullptr; next = supply_.next()) {
      if (attempt(next, [&] { next.run->begin(); })) {
        active_.push_back(next);
      } else {
        supply_.ended(*next.run);
      }
    }
  }

  void step_together() {
    std::vector<train::NamedPrograms> steps;
    std::vector<NamedRun> active, ended;
    for (const NamedRun& run : active_) {
      train::Programs programs = next_step(run);
      (programs.empty() ? ended : active).push_back(run);
      if (!programs.empty()) steps.push_back({run.name, std::move(programs)});
    }
    if (!ended.empty()) weaver_.clear();
    active_ = std::move(active);
    weaver_.run(steps);
    for (const NamedRun& run : ended) supply_.ended(*run.run);
  }

  void step_in_turn() {
    std::erase_if(active_, [&](const NamedRun& run) {
      if (take_turn(run)) return false;
      supply_.ended(*run.run);
      return true;
    });
  }

  /// Whether the run continues.
  bool take_turn(const NamedRun& run) {
    for (int step = 0; step < kStepsInTurn; ++step) {
      train::Programs programs = next_step(run);
      if (programs.empty()) return false;
      weaver_.run({{run.name, std::move(programs)}});
    }
    return true;
  }

  /// Nothing if the run has ended.
  train::Programs next_step(const NamedRun& run) {
    train::Programs programs;
    attempt(run, [&] { programs = run.run->next_step(stop_); });
    return programs;
  }

  /// Whether it succeeded.
  template <typename Action>
  bool attempt(const NamedRun& run, const Action& action) try {
    action();
    return true;
  } catch (const hal::DeviceLost&) {
    throw;
  } catch (const system::Interrupted&) {
    throw;
  } catch (const Error& error) {
    supply_.failed(*run.run, error.what());
    return false;
  }

  RunSupply& supply_;
  const TrainingRun::Stop& stop_;
  bool is_woven_;
  train::Weaver weaver_;
  std::vector<NamedRun> active_;
};

}  // namespace

void train_together(hal::Device& device, RunSupply& supply, const TrainingRun::Stop& stop) {
  Together(device, supply, stop).go();
}

}  // namespace pumice
