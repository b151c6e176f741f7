#include "native/benchmark/shapes.h"

#include "native/benchmark/kernels.h"
#include "native/benchmark/recipes.h"

namespace pumice::benchmark {
namespace {

using hal::Tuning;

Tuning::Wanted shapes_in_steps(const hal::Limits& limits, const SyntheticModel& model,
                               uint32_t images) {
  return shapes_in(limits, [&](hal::Device& device) {
    const SyntheticTraining training(device, model, images);
  });
}

}  // namespace

Tuning::Wanted shapes_in_workload(const hal::Limits& limits, const Workload& workload) {
  return shapes_in_steps(limits, workload.model, workload.model.batch);
}

Tuning::Wanted shapes_in_recipe(const hal::Limits& limits, const Recipe& recipe) {
  try {
    return shapes_in_steps(training_limits(limits, recipe, nullptr), synthetic_model(recipe),
                           images_per_step(recipe));
  } catch (const Error&) {  // measuring it tells
    return {};
  }
}

Tuning::Wanted shapes_in_kernels(const hal::Limits& limits) {
  return shapes_in(limits, [](hal::Device& device) {
    for (const KernelCase& own : kernel_cases()) {
      Graph graph(device.limits());
      own.build(device, graph);
    }
  });
}

}  // namespace pumice::benchmark
