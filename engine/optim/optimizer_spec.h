#pragma once

#include <string>

#include "engine/nn/fields.h"
#include "engine/optim/optimizer.h"

namespace pumice::optim {

/// An optimizer as a recipe describes it. OptimizerOptions documents the keys; describe() defines
/// which of them a method has.
struct OptimizerSpec {
  std::string name = "adam";  ///< or "adamw", "rmsprop", "sgd"
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double smoothing = 0.99;
  double epsilon = 1e-8;
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0;
  double clip_norm = 0;
  uint32_t warm_up_epochs = 0;
  std::string decay = "none";  ///< or "cosine", "step", "exponential": see Schedule
  uint32_t decay_epochs = 0;
  double decay_factor = 0;
  bool operator==(const OptimizerSpec&) const = default;
};

/// Visits the keys of a recipe's `table`: "optimizer.name", …. If `base` is given and the fields
/// are read, missing keys take their values from it; keys that the base's method does not have keep
/// their defaults.
void describe(nn::Fields& fields, const std::string& table, OptimizerSpec& own,
              const OptimizerSpec* base = nullptr);

/// Converts recipes' epochs to optimizers' updates: one update for every `every` batches of the
/// images, at least one per epoch.
uint32_t updates_per_epoch(uint32_t images, uint32_t batch, uint32_t every = 1);

/// The number of updates in `epochs` epochs. Throws Error, naming the key, if it does not fit in 32
/// bits.
uint32_t updates_of(const std::string& key, uint32_t epochs, uint32_t updates_per_epoch);

/// Converts a recipe's `table` to options. Throws Error as updates_of() does.
OptimizerOptions options_of(const std::string& table, const OptimizerSpec& spec,
                            uint32_t updates_per_epoch);

}  // namespace pumice::optim
