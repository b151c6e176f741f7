#include "engine/benchmark/timing.h"

#include <algorithm>
#include <chrono>

namespace pumice::benchmark {
namespace {

// Long compared with a submission, short compared with drivers' time-outs.
constexpr double kProgramSeconds = 0.01;
constexpr double kLongSeconds = 1;
constexpr size_t kMostDispatches = 1024;
constexpr size_t kMostCalls = 1 << 16;  // on the CPU device, where a dispatch is a call

// Of single calls that are timed together.
constexpr double kLeastSeconds = 0.005;
constexpr uint32_t kMostTimedCalls = 1 << 20;

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
  const bool is_cpu = has(device.limits(), hal::Feature::kCpuCode);
  const size_t most_dispatches = is_cpu ? kMostCalls : kMostDispatches;
  const size_t most = std::max<size_t>(most_dispatches / plan.dispatches.size(), 1);
  Repeated result;
  while (true) {
    result.program = device.compile(repeated(plan, result.copies));
    const auto seconds_of_run = [&] {
      return stopwatch.seconds([&] { device.run(*result.program); });
    };
    seconds_of_run();  // some drivers compile here
    double seconds = seconds_of_run();
    // Something else may have held up a short one.
    if (seconds < kLongSeconds) seconds = std::min(seconds, seconds_of_run());
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

uint32_t calls_to_time(uint32_t least, const std::function<double(uint32_t calls)>& seconds) {
  uint32_t calls = least;
  const auto undisturbed = [&] {
    return std::min({seconds(calls), seconds(calls), seconds(calls)});
  };
  while (calls < kMostTimedCalls && undisturbed() < kLeastSeconds) calls *= 4;
  return calls;
}

std::vector<double> samples_within(const Budget& budget, const std::function<double()>& sample) {
  constexpr double kMostFactor = 5;
  const double late = now() + kMostFactor * budget.seconds;
  for (int i = 0; i < budget.dropped && now() < late; ++i) sample();
  std::vector<double> samples;
  const double end = now() + budget.seconds;
  do {
    samples.push_back(sample());
  } while ((samples.size() < budget.least && now() < late) ||
           (samples.size() < budget.most && now() < end));
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
