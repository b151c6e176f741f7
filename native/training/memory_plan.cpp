#include "native/training/memory_plan.h"

#include <algorithm>

#include "engine/hal/null/null_device.h"
#include "native/training/model_on_device.h"
#include "native/training/model_recipe.h"
#include "native/training/tuning.h"

namespace pumice {
namespace {

// Not a batch that the model cannot take: some need an even number of images.
bool fits(const hal::Limits& limits, const Recipe& recipe, const TrainingData& data) try {
  const TrainingMemory memory = training_memory(limits, recipe, data, nullptr);
  return memory.run + memory.data <= usable_bytes(limits);
} catch (const Error&) {
  return false;
}

// Builds the programs that draw.
void draw(models::Inference& inference) {
  const std::vector<uint32_t> labels(1, 0);
  if (inference.can_decode()) inference.decode(std::vector<float>(inference.latent_size()), labels);
  if (inference.can_encode()) inference.encode(std::vector<float>(inference.image_size()), labels);
}

}  // namespace

uint64_t usable_bytes(const hal::Limits& limits) {
  return limits.memory_bytes - limits.memory_bytes / 10;
}

TrainingMemory training_memory(const hal::Limits& limits, const Recipe& recipe,
                               const TrainingData& data,
                               const std::shared_ptr<hal::Tuning>& tuning) {
  hal::Limits unlimited = training_limits(limits, recipe, tuning);
  unlimited.memory_bytes = 0;
  const auto device = hal::null::create_device(unlimited);
  const train::Datasets uploaded = upload(*device, data);
  const uint64_t data_bytes = device->counts().live_bytes;
  ModelOnDevice model(*device, describe_model(recipe, image_kind(data.train)),
                      model_options(recipe));
  const auto trainer = make_trainer(*device, model.model(), recipe, uploaded);
  draw(model.inference());
  return {.run = device->counts().live_bytes - data_bytes, .data = data_bytes};
}

std::optional<uint32_t> batch_that_fits(const hal::Limits& limits, const Recipe& recipe,
                                        const TrainingData& data) {
  Recipe smaller = recipe;
  for (uint32_t& batch = smaller.train.batch; limits.memory_bytes > 0 && batch > 1;) {
    batch /= 2;
    if (fits(limits, smaller, data)) return batch;
  }
  return {};
}

std::optional<uint32_t> shards_that_fit(const hal::Limits& limits, const Recipe& recipe,
                                        const TrainingData& data) {
  Recipe cut = recipe;
  uint32_t& shards = cut.train.shards;
  for (shards = std::max(recipe.train.shards, 1u); limits.memory_bytes > 0;) {
    shards *= 2;
    if (recipe.train.batch % shards != 0) break;
    if (fits(limits, cut, data)) return shards;
  }
  return {};
}

size_t runs_that_fit(const hal::Limits& limits, const std::vector<uint64_t>& runs, uint64_t data,
                     size_t most) {
  uint64_t used = data;
  size_t count = 0;
  for (uint64_t run : runs) {
    used += run;
    const bool fits = limits.memory_bytes == 0 || used <= usable_bytes(limits);
    if (count > 0 && (!fits || count == most)) break;
    ++count;
  }
  return count;
}

}  // namespace pumice
