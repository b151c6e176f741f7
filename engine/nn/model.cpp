#include "engine/nn/model.h"

#include "engine/base/require.h"

namespace pumice::nn {
namespace {

// Between the seeds of two sets, so that they do not begin alike: 2^64 by the golden ratio.
constexpr uint64_t kSeedStep = 0x9e3779b97f4a7c15;

}  // namespace

std::string_view kind_of(const Description& description) {
  constexpr std::string_view kNames[] = {"vae", "gan", "classifier"};
  return kNames[description.index()];
}

const Shape& picture_of(const Description& description) {
  return std::visit([](const auto& kind) -> const Shape& { return kind.picture; }, description);
}

uint32_t latent_size_of(const Description& description) {
  return std::visit(
      [](const auto& kind) -> uint32_t {
        if constexpr (requires { kind.latent_size; }) return kind.latent_size;
        return 0;
      },
      description);
}

uint32_t classes_of(const Description& description) {
  return std::visit([](const auto& kind) { return kind.classes; }, description);
}

Model::Model(const Description& description, const Options& options) : description_(description) {
  std::visit([&](const auto& kind) { build(kind, options); }, description);
}

void Model::build(const VaeDescription& description, const Options& options) {
  vae_.emplace(description, options.initialization);
  parameters_ = {{"", &vae_->parameters}};
}

void Model::build(const GanDescription& description, const Options& options) {
  gan_.emplace(description, options.initialization);
  parameters_ = {{"", &gan_->generator}, {"", &gan_->discriminator}};
  if (!options.average) return;
  average_.emplace(description, options.initialization);
  parameters_.push_back({"average.", &average_->generator});
}

void Model::build(const ClassifierDescription& description, const Options& options) {
  classifier_.emplace(description, options.initialization);
  parameters_ = {{"", &classifier_->parameters}};
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

std::vector<const Network*> Model::networks() const {
  if (vae_) return {&vae_->vae.encoder(), &vae_->vae.decoder()};
  if (gan_) return {&gan_->gan.generator(), &gan_->gan.discriminator()};
  return {&classifier_->classifier.network()};
}

uint64_t Model::parameter_count() const {
  uint64_t total = 0;
  for (const Network* network : networks()) total += network->parameter_count();
  return total;
}

void Model::require_encoder() const {
  require(can_encode(), "encode: expects a vae, got a {}, which has no encoder",
          kind_of(description_));
}

void Model::require_decoder() const {
  require(can_decode(), "decode: expects a vae or a gan, got a {}", kind_of(description_));
}

Tensor Model::encode(const Tensor& pictures, const Tensor& labels) const {
  require_encoder();
  return vae_->vae.encode(pictures, {}, labels);
}

Tensor Model::decode(const Tensor& latents, const Tensor& labels) const {
  require_decoder();
  if (vae_) return vae_->vae.decode(latents, labels);
  return (average_ ? average_ : gan_)->gan.decode(latents, labels);
}

}  // namespace pumice::nn
