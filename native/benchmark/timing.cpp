#include "native/benchmark/timing.h"

#include <algorithm>
#include <chrono>

namespace pumice::benchmark {
namespace {

// Long compared with a submission, short compared with drivers' time-outs.
constexpr double kProgramSeconds = 0.01;
constexpr size_t kMostDispatches = 1024;

hal::Plan repeated(const hal::Plan& plan, size_t copies) {
  hal::Plan result{.name = plan.name, .buffers = plan.buffers, .dispatches = {}};
  for (size_t i = 0; i < copies; ++i) {
    result.dispatches.insert(result.dispatches.end(), plan.dispatches.begin(),
                             plan.dispatches.end());
  }
  return result;
}

/// A program of many copies of a plan.
struct Repeated {
  std::unique_ptr<hal::Program> program;
  size_t copies = 1;
};

Repeated long_enough(hal::Device& device, const hal::Plan& plan, Stopwatch& stopwatch) {
  const size_t most = std::max<size_t>(kMostDispatches / plan.dispatches.size(), 1);
  Repeated result;
  while (true) {
    result.program = device.compile(repeated(plan, result.copies));
    stopwatch.seconds([&] { device.run(*result.program); });  // some drivers compile here
    const double seconds = stopwatch.seconds([&] { device.run(*result.program); });
    if (seconds >= kProgramSeconds || result.copies == most) return result;
    result.copies = std::min(4 * result.copies, most);
  }
}

}  // namespace

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Stopwatch::Stopwatch(hal::Device& device) : device_(device), probe_(device.allocate(16, "probe")) {}

void Stopwatch::wait() { device_.read(*probe_)->take(); }

double Stopwatch::seconds(const std::function<void()>& start) {
  wait();
  const double begin = now();
  start();
  wait();
  return now() - begin;
}

std::vector<double> samples_within(const Budget& budget, const std::function<double()>& sample) {
  for (int i = 0; i < budget.dropped; ++i) sample();
  std::vector<double> samples;
  const double end = now() + budget.seconds;
  while (samples.size() < budget.least || (now() < end && samples.size() < budget.most)) {
    samples.push_back(sample());
  }
  return samples;
}

std::vector<double> seconds_of_plan(hal::Device& device, const hal::Plan& plan,
                                    const Budget& budget) {
  Stopwatch stopwatch(device);
  const Repeated repeated = long_enough(device, plan, stopwatch);
  return samples_within(budget, [&] {
    return stopwatch.seconds([&] { device.run(*repeated.program); }) /
           static_cast<double>(repeated.copies);
  });
}

}  // namespace pumice::benchmark
