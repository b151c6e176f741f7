#include "engine/models/model.h"

#include "engine/base/require.h"

namespace pumice::models {
namespace {

// Separates the seeds of successive parameter sets: 2^64 divided by the golden ratio.
constexpr uint64_t kSeedStep = 0x9e3779b97f4a7c15;

}  // namespace

std::unique_ptr<Model> Description::build(const ModelOptions& options) const {
  return family().build(*this, options);
}

void Model::allocate(hal::Device& device) {
  for (const ParameterSet& set : parameters_) {
    set.parameters->allocate(device, set.prefix + "parameters");
  }
}

void Model::initialize(hal::Device& device, uint64_t seed) const {
  for (const ParameterSet& set : parameters_) {
    set.parameters->initialize(device, seed);
    seed += kSeedStep;
  }
}

uint64_t Model::parameter_count() const {
  uint64_t total = 0;
  for (const nn::Network* network : networks()) total += network->parameter_count();
  return total;
}

void Model::require_encoder() const {
  require(can_encode(), "encode: expects {} with its encoder, got a {} without one",
          families_that(&Family::encodes), family().name);
}

void Model::require_decoder() const {
  require(can_decode(), "decode: expects {}, got a {}", families_that(&Family::draws),
          family().name);
}

Tensor Model::encode(const Tensor&, const Tensor&) const {
  fail("encode: a {} has no encoder", family().name);
}

Decoded Model::decode(uint32_t, const DecodeInput&) const {
  fail("decode: a {} has no decoder", family().name);
}

std::vector<DecodePass> Model::decode_passes(std::span<const double>) const { return {{}}; }

void Model::add_parameters(std::string prefix, nn::Parameters& parameters) {
  parameters_.push_back({std::move(prefix), &parameters});
}

}  // namespace pumice::models
