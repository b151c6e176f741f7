#include "native/benchmark/recipes.h"

#include <algorithm>
#include <set>

#include "engine/benchmark/timing.h"
#include "engine/hal/barriers.h"
#include "engine/hal/device_with_limits.h"
#include "engine/models/inference.h"
#include "engine/models/latents.h"
#include "engine/ops/tuned.h"
#include "native/training/tuning.h"

namespace pumice::benchmark {
namespace {

constexpr uint32_t kBatchesOfData = 8;
constexpr double kBlockSeconds = 0.02;
constexpr uint32_t kDecodedImages = 100;  // as a run draws after every epoch

/// Samples of images/s, each over `images` per call of `seconds`.
std::vector<double> images_per_second(double budget, double images,
                                      const std::function<double()>& seconds) {
  std::vector<double> samples =
      samples_within({.seconds = budget, .least = 1, .dropped = 1}, seconds);
  for (double& sample : samples) sample = images / sample;
  return samples;
}

void measure_step(SyntheticTraining& training, double budget, RecipeResult& result) {
  training.seconds(1);
  const double once = training.seconds(1);
  const auto steps = static_cast<uint32_t>(std::max(kBlockSeconds / once, 1.0));
  result.step.samples = images_per_second(budget, static_cast<double>(steps) * result.batch,
                                          [&] { return training.seconds(steps); });
}

void measure_device_time(train::Trainer& trainer, double budget, RecipeResult& result) {
  trainer.device_seconds();  // some devices measure the first run of a program in another way
  if (!trainer.device_seconds()) return;
  result.device = Measurement{
      .name = result.step.name + ", on the device",
      .unit = "us",
      .samples = samples_within({.seconds = budget, .least = 3, .most = 100, .dropped = 0},
                                [&] { return 1e6 * trainer.device_seconds().value_or(0); })};
}

void measure_decode(hal::Device& device, SyntheticTraining& training, double budget,
                    RecipeResult& result) {
  models::Inference inference(device, training.model(), kDecodedImages);
  if (!inference.can_decode()) return;
  const std::vector<float> latents =
      models::normal_latents(1, 0, inference.batch(), inference.latent_size());
  const std::vector<uint32_t> labels(inference.batch(), 0);
  result.decode = Measurement{.name = result.step.name + ", decode",
                              .unit = "images/s",
                              .samples = images_per_second(budget, inference.batch(), [&] {
                                const double begin = now();
                                inference.decode(latents, labels);
                                return now() - begin;
                              })};
  result.decode_dispatches = inference.decode_dispatches();
}

void measure_dispatches(hal::Device& device, const train::Trainer& trainer, RecipeResult& result) {
  constexpr double kSecondsEach = 0.01;
  for (const Step* step : trainer.programs()) {
    const hal::Plan& plan = step->plan();
    const std::vector<bool> barriers = hal::barriers_before(plan);
    for (size_t i = 0; i < plan.dispatches.size(); ++i) {
      const hal::Dispatch& dispatch = plan.dispatches[i];
      std::vector<double> samples = seconds_of_plan(device, {plan.name, plan.buffers, {dispatch}},
                                                    {.seconds = kSecondsEach, .least = 3});
      for (double& sample : samples) sample *= 1e6;
      result.dispatch_times.push_back({.program = plan.name,
                                       .kernel = std::string(dispatch.kernel->name),
                                       .label = dispatch.label,
                                       .grid = dispatch.grid,
                                       .has_barrier = barriers[i],
                                       .microseconds = summarize(samples).median});
    }
  }
}

/// `training_device`: the device with the recipe's precision.
void measure(hal::Device& training_device, hal::Device& device, const Recipe& recipe,
             const RecipeOptions& options, RecipeResult& result) {
  SyntheticTraining training(training_device, synthetic_model(recipe),
                             kBatchesOfData * recipe.train.batch);
  count_dispatches(training.trainer(), result);
  measure_step(training, options.seconds, result);
  measure_device_time(training.trainer(), options.seconds / 4, result);
  measure_decode(device, training, options.seconds, result);
  if (options.dispatches) measure_dispatches(training_device, training.trainer(), result);
}

}  // namespace

void count_dispatches(const train::Trainer& trainer, RecipeResult& result) {
  std::set<hal::BufferPtr> buffers;
  for (const Step* step : trainer.programs()) {
    const std::vector<bool> barriers = hal::barriers_before(step->plan());
    result.dispatches += step->dispatch_count();
    result.barriers += static_cast<size_t>(std::count(barriers.begin(), barriers.end(), true));
    buffers.insert(step->plan().buffers.begin(), step->plan().buffers.end());
  }
  for (const hal::BufferPtr& buffer : buffers) result.bytes += buffer->bytes();
}

SyntheticModel synthetic_model(const Recipe& recipe) {
  const ImageKind kind = image_kind(recipe.data);
  const bool has_classes = recipe.conditional || recipe.spec.family().needs_labels;
  return {.spec = recipe.spec,
          .image = kind.image,
          .image_classes = kind.classes,
          .classes = has_classes ? kind.classes : 0,
          .initialization = recipe.initialization,
          .batch = recipe.train.batch,
          .seed = recipe.seed,
          .parallel = {.shards = recipe.train.shards,
                       .sync_every = recipe.train.sync_every,
                       .sync_batch_norm = recipe.train.sync_batch_norm}};
}

Recipe recipe_to_measure(const std::string& name_or_file, const RecipeOptions& options) {
  Recipe recipe = load_recipe(name_or_file);
  if (!options.precision.empty()) recipe.train.precision = options.precision;
  return recipe;
}

RecipeResult measure_recipe(hal::Device& device, const Recipe& recipe,
                            const RecipeOptions& options) {
  hal::DeviceWithLimits own(device,
                            training_limits(device.limits(), recipe, device.limits().tuning));
  const auto number = static_cast<size_t>(ops::precision_on(own.limits()));
  const std::string precision(hal::precision_names()[number]);
  const std::string name =
      precision == "f32" ? recipe.name : fmt::format("{}, {}", recipe.name, precision);
  RecipeResult result{.step = {.name = name, .unit = "images/s", .samples = {}},
                      .batch = images_per_step(recipe),
                      .precision = precision};
  try {
    measure(own, device, recipe, options, result);
  } catch (const hal::DeviceLost&) {
    throw;
  } catch (const Error& error) {
    return {.step = {.name = name, .unit = "images/s", .samples = {}},
            .precision = precision,
            .problem = error.what()};
  }
  return result;
}

}  // namespace pumice::benchmark
