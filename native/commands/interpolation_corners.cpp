#include <nlohmann/json.hpp>

#include "engine/models/latents.h"
#include "native/commands/interpolation.h"
#include "native/views/images.h"

namespace pumice::commands {

using nlohmann::json;

void draw_corners(const InterpolateOptions& options, const Session& session,
                  const OpenModel& open) {
  models::Inference& inference = open.model->inference();
  std::vector<std::vector<float>> corners;
  for (uint64_t seed : options.corners) {
    corners.push_back(models::normal_latents(seed, 0, 1, inference.latent_size()));
  }
  const uint32_t count = options.frames * options.frames;
  // One class for the whole grid: classes cannot be interpolated.
  const std::optional<uint32_t> label =
      inference.classes() > 0 ? std::optional(options.label.value_or(0)) : std::nullopt;
  formats::write_grid(
      options.out, views::latents_image(
                       inference,
                       models::interpolate_corners(corners[0], corners[1], corners[2], corners[3],
                                                   options.frames, options.spherical),
                       views::drawn_labels(inference, count, label), {.columns = options.frames}));
  json object{{"out", options.out},
              {"corners", options.corners},
              {"side", options.frames},
              {"spherical", options.spherical}};
  put_sampling(*open.model, object);
  const std::string of_class = open.tell_class(label, object);
  session.print(fmt::format("wrote {}: {} x {} images{} between four corners", options.out,
                            options.frames, options.frames, of_class),
                object);
}

}  // namespace pumice::commands
