#include "native/commands/models_memory.h"

#include <nlohmann/json.hpp>

#include "engine/base/table.h"
#include "native/formats/mebibytes.h"
#include "native/system/device_text.h"
#include "native/training/memory_plan.h"

namespace pumice::commands {
namespace {

struct Loaded {
  TrainingData data;
  bool is_there = false;  ///< if not, `data` is one batch of black images
};

data::ImageSet black_images(const ImageKind& kind, uint32_t count) {
  data::ImageSet images{
      .count = count, .height = kind.image[0], .width = kind.image[1], .channels = kind.image[2]};
  images.pixels.resize(count * images.image_size());
  for (uint32_t i = 0; i < count && kind.classes > 0; ++i) {
    images.labels.push_back(static_cast<data::Label>(kind.classes - 1));
  }
  return images;
}

Loaded load(const Recipe& recipe, const MemoryOptions& options, const Session& session) {
  try {
    return {load_training_data(recipe, options.data, session.notifier()), true};
  } catch (const Error&) {
    if (!options.data.empty()) throw;
    const data::ImageSet images =
        black_images(image_kind(recipe.data), std::max(images_per_step(recipe), 1u));
    return {{images, images}, false};
  }
}

std::string text_of(uint64_t bytes) { return fmt::format("{:.1f}", formats::mebibytes(bytes)); }

/// Whether a training fits on the device, and if not, which batch does.
struct Fit {
  bool is_known = false;
  bool fits = false;
  std::optional<uint32_t> batch = {};
};

Fit fit_of(const hal::Limits& limits, const Recipe& recipe, const Loaded& loaded,
           const TrainingMemory& memory) {
  if (limits.memory_bytes == 0) return {};
  const uint64_t bytes = memory.run + (loaded.is_there ? memory.data : 0);
  const bool fits = bytes <= usable_bytes(limits);
  return {true, fits, fits ? std::nullopt : batch_that_fits(limits, recipe, loaded.data)};
}

std::string text_of(const Fit& fit) {
  if (!fit.is_known) return "unknown";
  if (fit.fits) return "yes";
  return fit.batch ? fmt::format("no; --batch {} does", *fit.batch) : "no";
}

}  // namespace

void show_memory(const MemoryOptions& options, Session& session) {
  const hal::Limits limits = session.open_device()->limits();
  Table table({"recipe", "batch", "training (MiB)", "images (MiB)", "together (MiB)", "fits"});
  nlohmann::json rows = nlohmann::json::array();
  Loaded loaded;
  std::optional<Recipe> before;  // whose data `loaded` is
  for (const std::string& name : options.recipes) {
    Recipe recipe = load_recipe(name);
    recipe.train.batch = options.batch.value_or(recipe.train.batch);
    const bool is_loaded = before && loaded.is_there && has_same_data(*before, recipe);
    if (!is_loaded) loaded = load(recipe, options, session);
    before = recipe;
    const TrainingMemory memory = training_memory(limits, recipe, loaded.data, nullptr);
    const Fit fit = fit_of(limits, recipe, loaded, memory);
    table.add({recipe.name, fmt::to_string(recipe.train.batch), text_of(memory.run),
               loaded.is_there ? text_of(memory.data) : "not here",
               loaded.is_there ? text_of(memory.run + memory.data) : "-", text_of(fit)});
    nlohmann::json row{
        {"name", recipe.name}, {"batch", recipe.train.batch}, {"training_bytes", memory.run}};
    if (loaded.is_there) row["data_bytes"] = memory.data;
    if (fit.is_known) row["fits"] = fit.fits;
    if (fit.batch) row["batch_that_fits"] = *fit.batch;
    rows.push_back(row);
  }
  const std::string memory = limits.memory_bytes == 0 ? "a device of unknown memory"
                                                      : text_of(limits.memory_bytes) + " MiB";
  const std::string usable =
      limits.memory_bytes == 0
          ? ""
          : fmt::format("\n\nA training fits if it takes at most {} MiB: others need memory, too.",
                        text_of(usable_bytes(limits)));
  session.print(
      fmt::format("{}: {}\n\n{}{}", system::device_line(limits), memory, table.text(), usable),
      {{"device", limits.device_name}, {"memory_bytes", limits.memory_bytes}, {"recipes", rows}});
}

}  // namespace pumice::commands
