#include "engine/optim/optimizer_spec.h"

#include <algorithm>
#include <limits>

#include "engine/base/require.h"

namespace pumice::optim {
namespace {

class OptimizerFields {
 public:
  OptimizerFields(nn::Fields& fields, std::string table, OptimizerSpec& own,
                  const OptimizerSpec* base)
      : fields_(fields), table_(std::move(table)), own_(own), base_(base) {}

  void describe() {
    fields_.choice(key("name"), start(&OptimizerSpec::name), {"adam", "adamw", "rmsprop", "sgd"});
    number("learning_rate", &OptimizerSpec::learning_rate, nn::kPositive);
    describe_method(own_.name);
    number("clip_norm", &OptimizerSpec::clip_norm, nn::kNotNegative);
    fields_.whole(key("warm_up_epochs"), start(&OptimizerSpec::warm_up_epochs), 0);
    constexpr auto& kDecays = kernels::kNames<Decay>;
    fields_.choice(key("decay"), start(&OptimizerSpec::decay), {kDecays.begin(), kDecays.end()});
    if (own_.decay != "none") describe_decay();
  }

 private:
  void describe_method(const std::string& name) {
    if (name == "adam" || name == "adamw") {
      number("beta1", &OptimizerSpec::beta1, nn::kBelowOne);
      number("beta2", &OptimizerSpec::beta2, nn::kBelowOne);
    }
    if (name == "rmsprop") number("smoothing", &OptimizerSpec::smoothing, nn::kBelowOne);
    if (name != "sgd") number("epsilon", &OptimizerSpec::epsilon, nn::kPositive);
    if (name == "sgd" || name == "rmsprop") {
      number("momentum", &OptimizerSpec::momentum, nn::kBelowOne);
    }
    if (name == "sgd") fields_.flag(key("nesterov"), start(&OptimizerSpec::nesterov));
    if (name != "adam") number("weight_decay", &OptimizerSpec::weight_decay, nn::kNotNegative);
  }

  void describe_decay() {
    fields_.whole(key("decay_epochs"), start(&OptimizerSpec::decay_epochs), 1);
    const bool may_end_at_zero = own_.decay == "cosine";
    number("decay_factor", &OptimizerSpec::decay_factor,
           may_end_at_zero ? nn::kNotNegative : nn::kPositiveFraction);
  }

  void number(std::string_view name, double OptimizerSpec::*member, const nn::Bounds& bounds) {
    fields_.number(key(name), start(member), bounds);
  }

  std::string key(std::string_view name) const { return fmt::format("{}.{}", table_, name); }

  template <typename Value>
  Value& start(Value OptimizerSpec::*member) {
    if (base_ != nullptr) own_.*member = base_->*member;
    return own_.*member;
  }

  nn::Fields& fields_;
  std::string table_;
  OptimizerSpec& own_;
  const OptimizerSpec* base_;
};

}  // namespace

void describe(nn::Fields& fields, const std::string& table, OptimizerSpec& own,
              const OptimizerSpec* base) {
  OptimizerFields(fields, table, own, fields.reads() ? base : nullptr).describe();
}

uint32_t updates_per_epoch(uint32_t images, uint32_t batch, uint32_t every) {
  return std::max(images / std::max(batch, 1u) / every, 1u);
}

uint32_t updates_of(const std::string& key, uint32_t epochs, uint32_t updates_per_epoch) {
  const uint32_t most = std::numeric_limits<uint32_t>::max() / updates_per_epoch;
  require(epochs <= most, "{}: expects at most {} epochs of {} steps, got {}", key, most,
          updates_per_epoch, epochs);
  return epochs * updates_per_epoch;
}

OptimizerOptions options_of(const std::string& table, const OptimizerSpec& spec,
                            uint32_t updates_per_epoch) {
  return {.method = method_by_name(spec.name),
          .learning_rate = spec.learning_rate,
          .schedule = {.warm_up_steps = updates_of(table + ".warm_up_epochs", spec.warm_up_epochs,
                                                   updates_per_epoch),
                       .decay = decay_by_name(spec.decay),
                       .steps = updates_of(table + ".decay_epochs", spec.decay_epochs,
                                           updates_per_epoch),
                       .factor = spec.decay_factor},
          .beta1 = spec.beta1,
          .beta2 = spec.beta2,
          .smoothing = spec.smoothing,
          .epsilon = spec.epsilon,
          .momentum = spec.momentum,
          .nesterov = spec.nesterov,
          .weight_decay = spec.weight_decay,
          .clip_norm = spec.clip_norm};
}

}  // namespace pumice::optim
