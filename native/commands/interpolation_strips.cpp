#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "engine/models/latents.h"
#include "native/commands/interpolation.h"
#include "native/formats/animation.h"
#include "native/views/images.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

/// Latents [rows, size] and, for a conditional model, the class of each row.
struct Ends {
  std::vector<float> from;
  std::vector<float> to;
  std::vector<uint32_t> labels;
};

uint64_t from_seed(const InterpolateOptions& options, const Session& session) {
  return options.from_seed.value_or(session.seed.value_or(1));
}

uint64_t to_seed(const InterpolateOptions& options, const Session& session) {
  return options.to_seed.value_or(from_seed(options, session) + 1);
}

uint32_t rows_of(const InterpolateOptions& options) {
  return options.rows.value_or(options.has_images() ? 1 : 8);
}

std::vector<uint32_t> indices_from(const data::ImageSet& images, uint32_t first, uint32_t count) {
  require(first < images.count && count <= images.count - first,
          "interpolate: expected images 0 … {}, got {}", images.count - 1, first + count - 1);
  std::vector<uint32_t> indices;
  for (uint32_t i = 0; i < count; ++i) indices.push_back(first + i);
  return indices;
}

void put_images(const InterpolateOptions& options, const Session& session,
                models::Inference& inference, Ends& ends) {
  const data::ImageSet images = test_images(session, options.run, options.data, inference.image());
  const bool keeps_class = inference.classes() > 0 && !options.label;
  auto put = [&](std::optional<uint32_t> first, std::vector<float>& latents) {
    if (!first) return;
    const std::vector<uint32_t> indices = indices_from(images, *first, rows_of(options));
    latents = views::encoded_means(inference, images, indices);
    if (keeps_class) ends.labels = views::to_labels(images, indices);
  };
  put(options.to_image, ends.to);
  put(options.from_image, ends.from);  // last: its classes take precedence
}

// Row r goes from sample r of one seed to sample r of the other.
Ends ends_of(const InterpolateOptions& options, const Session& session,
             models::Inference& inference) {
  const uint32_t rows = rows_of(options);
  const uint32_t size = inference.latent_size();
  Ends ends{.from = models::normal_latents(from_seed(options, session), 0, rows, size),
            .to = models::normal_latents(to_seed(options, session), 0, rows, size),
            .labels = views::drawn_labels(inference, rows, options.label)};
  if (options.has_images()) put_images(options, session, inference, ends);
  return ends;
}

/// Latents [rows, frames, size].
std::vector<float> strips(const InterpolateOptions& options, const Ends& ends, uint32_t size) {
  std::vector<float> latents;
  for (uint32_t row = 0; row < rows_of(options); ++row) {
    std::vector<float> strip = models::interpolate(std::span(ends.from).subspan(row * size, size),
                                                   std::span(ends.to).subspan(row * size, size),
                                                   options.frames, options.spherical);
    latents.insert(latents.end(), strip.begin(), strip.end());
  }
  return latents;
}

formats::Image still(const InterpolateOptions& options, models::Inference& inference,
                     const Ends& ends, const std::vector<float>& latents) {
  std::vector<uint32_t> labels;
  for (uint32_t label : ends.labels) labels.insert(labels.end(), options.frames, label);
  return views::latents_image(inference, latents, labels, {.columns = options.frames});
}

// The images of a strip, as frames in sequence.
std::vector<formats::Image> frames(const InterpolateOptions& options, models::Inference& inference,
                                   const Ends& ends, const std::vector<float>& latents) {
  constexpr uint32_t kScale = 4;
  const size_t size = inference.latent_size();
  std::vector<formats::Image> images;
  for (uint32_t frame = 0; frame < options.frames; ++frame) {
    std::vector<float> points;
    for (uint32_t row = 0; row < rows_of(options); ++row) {
      const size_t at = (size_t{row} * options.frames + frame) * size;
      points.insert(points.end(), latents.begin() + static_cast<ptrdiff_t>(at),
                    latents.begin() + static_cast<ptrdiff_t>(at + size));
    }
    images.push_back(formats::scaled(views::latents_image(inference, points, ends.labels), kScale));
  }
  return images;
}

}  // namespace

void draw_strips(const InterpolateOptions& options, const Session& session, const OpenModel& open) {
  models::Inference& inference = open.model->inference();
  const Ends ends = ends_of(options, session, inference);
  const std::vector<float> latents = strips(options, ends, inference.latent_size());
  const bool moves = formats::is_animation(options.out);
  if (moves) {
    formats::write_animation(
        options.out, {.frames = formats::there_and_back(frames(options, inference, ends, latents)),
                      .frames_per_second = options.frames_per_second});
  } else {
    formats::write_grid(options.out, still(options, inference, ends, latents));
  }
  const uint32_t rows = rows_of(options);
  json object{{"out", options.out},
              {"rows", rows},
              {"frames", options.frames},
              {"from_seed", from_seed(options, session)},
              {"to_seed", to_seed(options, session)},
              {"spherical", options.spherical}};
  if (options.from_image) object["from_picture"] = *options.from_image;
  if (options.to_image) object["to_picture"] = *options.to_image;
  put_sampling(*open.model, object);
  const std::string of_class = open.tell_class(options.label, object);
  session.print(fmt::format("wrote {}: {} of {}{}", options.out,
                            count_of(rows, moves ? "animation" : "strip"),
                            count_of(options.frames, "image"), of_class),
                object);
}

}  // namespace pumice::commands
