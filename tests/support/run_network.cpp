#include "tests/support/run_network.h"

#include "engine/graph/step.h"
#include "tests/support/transfer.h"

namespace pumice::test {

std::vector<float> run_network(hal::Device& device, const std::vector<nn::Layer>& layers,
                               const Shape& x, const std::vector<float>& values) {
  nn::Parameters parameters;
  const Shape example(std::vector<uint32_t>(x.begin() + 1, x.end()));
  nn::Network network(parameters, "network", example, layers);
  if (!parameters.list().empty()) {
    parameters.allocate(device, "parameters");
    parameters.initialize(device, 1);
  }
  Graph graph(device.limits());
  Tensor y = network(graph.external(upload(device, values, "x"), x, DType::kF32));
  Step step(device, graph, "run_network", {y});
  step.run();
  return step.read_floats(y);
}

}  // namespace pumice::test
