#include "native/commands/export_map.h"

#include "native/evaluation/latent_map.h"

namespace pumice::commands {
namespace {

// The data set's own, unless it would have to be trained; a folder of images has none.
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

}  // namespace

std::optional<io::LatentMap> make_map(const Session& session, const OpenModel& open,
                                      const std::string& run, const std::string& data) {
  models::Inference& inference = open.model->inference();
  if (inference.can_encode() && inference.latent_size() > 1) {
    try {
      return map_of_images(inference, test_images(session, run, data, inference.image()));
    } catch (const Error& error) {
      session.note(fmt::format("without a map of test images: {}", error.what()));
      return std::nullopt;
    }
  }
  session.note("drawing samples for the map");
  const std::optional<OpenExtractor> extractor = known_extractor(session, open, run);
  io::LatentMap map = map_of_samples(inference, extractor ? &*extractor : nullptr);
  if (inference.classes() > 0) map.class_names = open.class_names;
  return map;
}

}  // namespace pumice::commands
