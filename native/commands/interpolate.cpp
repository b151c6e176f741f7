#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "engine/nn/latents.h"
#include "native/commands/open_model.h"
#include "native/commands/output_file.h"
#include "native/report/animation.h"
#include "native/run/pictures.h"

namespace pumice::commands {
namespace {

using nlohmann::json;

constexpr uint32_t kLongestSide = 100;  // of a grid between corners

struct Options {
  std::string run;
  bool force = false;
  std::string out = "interpolate.png";
  std::string data;
  std::optional<uint64_t> from_seed;
  std::optional<uint64_t> to_seed;
  std::optional<uint32_t> from_picture;
  std::optional<uint32_t> to_picture;
  std::vector<uint64_t> corners;
  std::optional<uint32_t> rows;
  uint32_t frames = 10;
  uint32_t frames_per_second = 10;
  std::string wanted_class;
  std::optional<uint32_t> label;  ///< of that class
  bool spherical = false;

  bool has_pictures() const { return from_picture || to_picture; }
};

/// Latents [rows, size], and of a conditional model the class that each row keeps to.
struct Ends {
  std::vector<float> from;
  std::vector<float> to;
  std::vector<uint32_t> labels;
};

uint64_t from_seed(const Options& options, const Session& session) {
  return options.from_seed.value_or(session.seed.value_or(1));
}

uint64_t to_seed(const Options& options, const Session& session) {
  return options.to_seed.value_or(from_seed(options, session) + 1);
}

uint32_t rows_of(const Options& options) {
  return options.rows.value_or(options.has_pictures() ? 1 : 8);
}

std::vector<uint32_t> indices_from(const data::ImageSet& images, uint32_t first, uint32_t count) {
  require(first < images.count && count <= images.count - first,
          "interpolate: expected pictures 0 … {}, got {}", images.count - 1, first + count - 1);
  std::vector<uint32_t> indices;
  for (uint32_t i = 0; i < count; ++i) indices.push_back(first + i);
  return indices;
}

// The means alone: what the encoder is unsure of is no part of the way.
std::vector<float> encoded(nn::Inference& inference, const data::ImageSet& images,
                           const std::vector<uint32_t>& indices) {
  const std::vector<float> moments =
      inference.encode(to_values(images, indices), to_labels(images, indices));
  const size_t size = inference.latent_size();
  std::vector<float> means;
  for (size_t row = 0; row < indices.size(); ++row) {
    const auto begin = moments.begin() + static_cast<ptrdiff_t>(row * 2 * size);
    means.insert(means.end(), begin, begin + static_cast<ptrdiff_t>(size));
  }
  return means;
}

void put_pictures(const Options& options, const Session& session, nn::Inference& inference,
                  Ends& ends) {
  const data::ImageSet images =
      test_pictures(session, options.run, options.data, inference.picture());
  const bool keeps_class = inference.classes() > 0 && !options.label;
  auto put = [&](std::optional<uint32_t> first, std::vector<float>& latents) {
    if (!first) return;
    const std::vector<uint32_t> indices = indices_from(images, *first, rows_of(options));
    latents = encoded(inference, images, indices);
    if (keeps_class) ends.labels = to_labels(images, indices);
  };
  put(options.to_picture, ends.to);
  put(options.from_picture, ends.from);  // later: its classes are those that count
}

// Row r goes from sample r of one seed to sample r of the other.
Ends ends_of(const Options& options, const Session& session, nn::Inference& inference) {
  const uint32_t rows = rows_of(options);
  const uint32_t size = inference.latent_size();
  Ends ends{.from = nn::normal_latents(from_seed(options, session), 0, rows, size),
            .to = nn::normal_latents(to_seed(options, session), 0, rows, size),
            .labels = drawn_labels(inference, rows, options.label)};
  if (options.has_pictures()) put_pictures(options, session, inference, ends);
  return ends;
}

/// Latents [rows, frames, size].
std::vector<float> strips(const Options& options, const Ends& ends, uint32_t size) {
  std::vector<float> latents;
  for (uint32_t row = 0; row < rows_of(options); ++row) {
    std::vector<float> strip = nn::interpolate(std::span(ends.from).subspan(row * size, size),
                                               std::span(ends.to).subspan(row * size, size),
                                               options.frames, options.spherical);
    latents.insert(latents.end(), strip.begin(), strip.end());
  }
  return latents;
}

report::Picture still(const Options& options, nn::Inference& inference, const Ends& ends,
                      const std::vector<float>& latents) {
  std::vector<uint32_t> labels;
  for (uint32_t label : ends.labels) labels.insert(labels.end(), options.frames, label);
  return latents_picture(inference, latents, labels, {.columns = options.frames});
}

// What stands side by side in a strip follows each other here.
std::vector<report::Picture> frames(const Options& options, nn::Inference& inference,
                                    const Ends& ends, const std::vector<float>& latents) {
  constexpr uint32_t kScale = 4;
  const size_t size = inference.latent_size();
  std::vector<report::Picture> pictures;
  for (uint32_t frame = 0; frame < options.frames; ++frame) {
    std::vector<float> points;
    for (uint32_t row = 0; row < rows_of(options); ++row) {
      const size_t at = (size_t{row} * options.frames + frame) * size;
      points.insert(points.end(), latents.begin() + static_cast<ptrdiff_t>(at),
                    latents.begin() + static_cast<ptrdiff_t>(at + size));
    }
    pictures.push_back(latents_picture(inference, points, ends.labels, {.scale = kScale}));
  }
  return pictures;
}

void draw_strips(const Options& options, const Session& session, const OpenModel& open) {
  nn::Inference& inference = open.model->inference();
  const Ends ends = ends_of(options, session, inference);
  const std::vector<float> latents = strips(options, ends, inference.latent_size());
  const bool moves = report::is_animation(options.out);
  if (moves) {
    report::write_animation(
        options.out, {.frames = report::there_and_back(frames(options, inference, ends, latents)),
                      .frames_per_second = options.frames_per_second});
  } else {
    report::write_png(options.out, still(options, inference, ends, latents));
  }
  const uint32_t rows = rows_of(options);
  json object{{"out", options.out},
              {"rows", rows},
              {"frames", options.frames},
              {"from_seed", from_seed(options, session)},
              {"to_seed", to_seed(options, session)},
              {"spherical", options.spherical}};
  if (options.from_picture) object["from_picture"] = *options.from_picture;
  if (options.to_picture) object["to_picture"] = *options.to_picture;
  const std::string of_class = open.tell_class(options.label, object);
  session.print(fmt::format("wrote {}: {} of {}{}", options.out,
                            count_of(rows, moves ? "animation" : "strip"),
                            count_of(options.frames, "picture"), of_class),
                object);
}

void draw_corners(const Options& options, const Session& session, const OpenModel& open) {
  nn::Inference& inference = open.model->inference();
  std::vector<std::vector<float>> corners;
  for (uint64_t seed : options.corners) {
    corners.push_back(nn::normal_latents(seed, 0, 1, inference.latent_size()));
  }
  const uint32_t count = options.frames * options.frames;
  // One class, or it would be no way.
  const std::optional<uint32_t> label =
      inference.classes() > 0 ? std::optional(options.label.value_or(0)) : std::nullopt;
  report::write_png(
      options.out,
      latents_picture(inference,
                      nn::interpolate_corners(corners[0], corners[1], corners[2], corners[3],
                                              options.frames, options.spherical),
                      drawn_labels(inference, count, label), {.columns = options.frames}));
  json object{{"out", options.out},
              {"corners", options.corners},
              {"side", options.frames},
              {"spherical", options.spherical}};
  const std::string of_class = open.tell_class(label, object);
  session.print(fmt::format("wrote {}: {} x {} pictures{} between four corners", options.out,
                            options.frames, options.frames, of_class),
                object);
}

void interpolate(Options& options, Session& session) {
  const bool moves = report::is_animation(options.out);
  if (moves && !options.corners.empty()) {
    throw UsageError("interpolate: --corners draws one picture: expected --out FILE.png");
  }
  if (!options.corners.empty() && options.frames > kLongestSide) {
    throw UsageError(fmt::format("interpolate: --corners expects at most --frames {}, got {}",
                                 kLongestSide, options.frames));
  }
  check_output_file(options.out, {".png", ".gif", ".apng"}, options.force);
  const Task task = options.has_pictures() ? Task::kReconstruct : Task::kDraw;
  OpenModel open = open_model(session, options.run, task);
  options.label = open.find_class(options.wanted_class);
  if (options.corners.empty()) {
    draw_strips(options, session, open);
  } else {
    draw_corners(options, session, open);
  }
}

void add_ends(CLI::App& command, Options& options) {
  CLI::Option* from = command.add_option("--from-seed", options.from_seed,
                                         "Of the first pictures; default: --seed");
  CLI::Option* to =
      command.add_option("--to-seed", options.to_seed, "Of the last ones; default: the next seed");
  CLI::Option* from_picture = command.add_option(
      "--from-picture", options.from_picture,
      "Begin at this picture of the test set (0, 1, …) as a VAE's encoder sees it");
  CLI::Option* to_picture =
      command.add_option("--to-picture", options.to_picture, "End at this picture of the test set");
  from->excludes(from_picture);
  to->excludes(to_picture);
  CLI::Option* corners =
      command
          .add_option("--corners", options.corners,
                      "A grid between the first samples of four seeds: top left, top right, bottom "
                      "left, bottom right")
          ->expected(4)
          ->delimiter(',');
  CLI::Option* rows = command.add_option(
      "--rows", options.rows, "Strips; default: 8, or 1 between pictures of the test set");
  rows->check(CLI::Range(1u, 100u));
  for (CLI::Option* other : {from, to, from_picture, to_picture, rows}) corners->excludes(other);
}

}  // namespace

void add_interpolate(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("interpolate", "Draws strips of pictures that turn into each other.");
  auto options = std::make_shared<Options>();
  add_run_option(*command, options->run);
  command
      ->add_option("--out", options->out,
                   "The picture to write (.png), or a moving one (.gif, .apng)")
      ->capture_default_str();
  add_force_option(*command, options->force);
  add_ends(*command, *options);
  command->add_option("--frames", options->frames, "Pictures of a strip, or along a grid's side")
      ->check(CLI::Range(2u, 1000u))
      ->capture_default_str();
  command->add_option("--fps", options->frames_per_second, "Pictures per second of a moving one")
      ->check(CLI::Range(1u, 50u))
      ->capture_default_str();
  command->add_flag("--spherical", options->spherical, "Along an arc instead of a straight line");
  add_class_option(*command, options->wanted_class);
  add_data_option(*command, options->data);
  add_seed_option(*command, session, "Of the first pictures; default: 1");
  add_common_options(*command, session);
  command->footer(
      "Example:\n  pumice interpolate runs/vae-mlp-mnist-1 --from-seed 3 --to-seed 4 --out "
      "strip.png\n  pumice interpolate runs/vae-mlp-mnist-1 --corners 1,2,3,4 --spherical\n"
      "  pumice interpolate runs/vae-mlp-mnist-1 --rows 16 --frames 20 --out digits.gif");
  command->callback([options, &session] { interpolate(*options, session); });
}

}  // namespace pumice::commands
