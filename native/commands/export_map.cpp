#include "native/commands/export_map.h"

#include <fmt/ranges.h>

#include "engine/models/latents.h"
#include "native/evaluation/latent_map.h"
#include "native/evaluation/typical_latent.h"
#include "native/report/page.h"
#include "native/views/images.h"

namespace pumice::commands {
namespace {

// A folder of images has none.
std::optional<OpenExtractor> known_extractor(const Session& session, const OpenModel& open,
                                             const std::string& run) {
  const io::Checkpoint checkpoint = read_checkpoint(run);
  const Recipe recipe =
      parse_recipe(checkpoint.training().recipe, checkpoint.file_name() + ": recipe");
  if (recipe.data.name == "folder") return std::nullopt;
  const ExtractorChoice choice("", recipe.data, "", open.model->description().image());
  if (!choice.is_there()) return std::nullopt;
  return choice.open(*open.device, session.notifier());
}

bool has_map_of_images(const models::Inference& inference) {
  return inference.can_encode() && inference.latent_size() > 1;
}

// One image, at most 64 pixels wide and high.
std::string thumbnail_of(models::Inference& inference, std::span<const float> latent) {
  constexpr uint32_t kLargest = 64;
  const std::vector<uint32_t> labels(inference.classes() > 0 ? 1 : 0);
  formats::Image image = views::latents_image(inference, latent, labels, {.margin = 0});
  while (std::max(image.width, image.height) > kLargest) image = halved(image);
  return report::data_uri("image/png", formats::encode_png(image));
}

}  // namespace

MapSource map_source(const Session& session, const OpenModel& open, const std::string& run,
                     const std::string& data, bool with_images) {
  MapSource source{.images = {}, .extractor = known_extractor(session, open, run)};
  if (!with_images || !has_map_of_images(open.model->inference())) return source;
  try {
    source.images = test_images(session, run, data, open.model->inference().image());
  } catch (const Error& error) {
    session.note(fmt::format("without a map of test images: {}", error.what()));
  }
  return source;
}

std::optional<io::LatentMap> make_map(const Session& session, const OpenModel& open,
                                      const MapSource& source) {
  models::Inference& inference = open.model->inference();
  if (has_map_of_images(inference)) {
    if (!source.images) return std::nullopt;
    return map_of_images(inference, *source.images);
  }
  session.note("drawing samples for the map");
  io::LatentMap map = map_of_samples(inference, source.extractor ? &*source.extractor : nullptr);
  if (inference.classes() > 0) map.class_names = open.class_names;
  return map;
}

io::Metadata make_opening(const OpenModel& open, const MapSource& source) {
  models::Inference& inference = open.model->inference();
  std::vector<float> latent = typical_latent(inference, source.images ? &*source.images : nullptr,
                                             source.extractor ? &*source.extractor : nullptr);
  io::Metadata opening;
  if (latent.empty()) {
    latent = models::normal_latents(models::kTypicalSeed, 0, 1, inference.latent_size());
  } else {
    opening[io::kFirstLatent] = fmt::format("{:.4f}", fmt::join(latent, ","));
  }
  opening[io::kThumbnail] = thumbnail_of(inference, latent);
  return opening;
}

}  // namespace pumice::commands
