#include "engine/models/flow/flow_model.h"

namespace pumice::models {
namespace {

// The order of the family's sampling options, and of the numbers of a pass.
enum Option { kSteps, kOrder, kGuidance };
enum Number { kTime, kLength, kWeight, kNumbers };

// The programs: a step of each sampler without guidance, then with it.
constexpr uint32_t kSamplers = 2;

Tensor number(const Tensor& numbers, Number which) { return ops::slice(numbers, 0, which, 1); }

}  // namespace

FlowModel::FlowModel(const FlowDescription& description, const ModelOptions& options)
    : Model(description), networks_(description, options.initialization) {
  const bool trains = options.purpose == Purpose::kTraining;
  if (trains || !options.average) add_parameters("", networks_.parameters);
  if (!options.average) return;
  average_.emplace(description, options.initialization);
  add_parameters("average.", average_->parameters);
}

Decoded FlowModel::decode(uint32_t program, const DecodeInput& input) const {
  const Flow& flow = average_ ? average_->flow : networks_.flow;
  const bool is_guided = program >= kSamplers;
  const Tensor x = flow.advance(input.latents,
                                {.sampler = static_cast<Sampler>(program % kSamplers),
                                 .guidance = is_guided ? number(input.numbers, kWeight) : Tensor{},
                                 .t = number(input.numbers, kTime),
                                 .dt = number(input.numbers, kLength),
                                 .labels = input.labels});
  return {.images = Flow::to_images(x), .latents = x};
}

std::vector<DecodePass> FlowModel::decode_passes(std::span<const double> options) const {
  const double guidance = options[kGuidance];
  const auto steps = static_cast<uint32_t>(options[kSteps]);
  const auto sampler = options[kOrder] == 1 ? Sampler::kEuler : Sampler::kMidpoint;
  const uint32_t program = static_cast<uint32_t>(sampler) + (guidance == 1 ? 0 : kSamplers);
  std::vector<DecodePass> passes;
  for (uint32_t step = 0; step < steps; ++step) {
    DecodePass& pass = passes.emplace_back();
    pass.program = program;
    pass.numbers.resize(kNumbers);
    pass.numbers[kTime] = static_cast<float>(step) / static_cast<float>(steps);
    pass.numbers[kLength] = 1 / static_cast<float>(steps);
    pass.numbers[kWeight] = static_cast<float>(guidance);
  }
  return passes;
}

}  // namespace pumice::models
