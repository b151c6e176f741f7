#include "native/benchmark/kernels.h"

#include "engine/benchmark/timing.h"
#include "engine/graph/step.h"

namespace pumice::benchmark {
namespace {

Measurement measure(hal::Device& device, const KernelCase& own, const Ceilings& ceilings,
                    double seconds) {
  Graph graph(device.limits());
  const Tensors outputs = own.build(device, graph);
  const Step step(device, graph, own.name, outputs);
  Measurement result{.name = own.name,
                     .unit = own.is_arithmetic ? "GFLOP/s" : "GB/s",
                     .samples = seconds_of_plan(device, step.plan(), {.seconds = seconds})};
  for (double& sample : result.samples) sample = own.amount / sample * 1e-9;
  const Measurement& ceiling = own.is_arithmetic ? ceilings.multiply_adds : ceilings.copy;
  result.fraction_of_ceiling = result.summary().median / ceiling.summary().median;
  return result;
}

}  // namespace

std::vector<Measurement> measure_kernels(hal::Device& device, const Ceilings& ceilings,
                                         double seconds, const Notify& notify) {
  std::vector<Measurement> results;
  for (const KernelCase& own : kernel_cases()) {
    try {
      results.push_back(measure(device, own, ceilings, seconds));
    } catch (const hal::OutOfMemory& error) {
      notify(fmt::format("{}: {}", own.name, error.what()));
    }
  }
  return results;
}

}  // namespace pumice::benchmark
