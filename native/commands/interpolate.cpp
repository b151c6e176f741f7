#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "engine/base/count_of.h"
#include "engine/models/latents.h"
#include "native/commands/interpolation.h"
#include "native/commands/open_model.h"
#include "native/commands/output_file.h"
#include "native/formats/animation.h"

namespace pumice::commands {
namespace {

constexpr uint32_t kLongestSide = 100;  // of a grid between corners

void interpolate(InterpolateOptions& options, Session& session) {
  const bool moves = formats::is_animation(options.out);
  if (moves && !options.corners.empty()) {
    throw UsageError("interpolate: --corners draws one image: expected --out FILE.png");
  }
  if (!options.corners.empty() && options.frames > kLongestSide) {
    throw UsageError(fmt::format("interpolate: --corners expects at most --frames {}, got {}",
                                 kLongestSide, options.frames));
  }
  check_output_file(options.out, {".png", ".gif", ".apng"}, options.force);
  const Task task = options.has_images() ? Task::kReconstruct : Task::kDraw;
  OpenModel open = open_model(session, options.run, task);
  options.label = open.find_class(options.wanted_class);
  apply_sampling(options.sampling, *open.model);
  if (options.corners.empty()) {
    draw_strips(options, session, open);
  } else {
    draw_corners(options, session, open);
  }
}

void add_ends(CLI::App& command, InterpolateOptions& options) {
  CLI::Option* from =
      command.add_option("--from-seed", options.from_seed, "Of the first images; default: --seed");
  CLI::Option* to =
      command.add_option("--to-seed", options.to_seed, "Of the last ones; default: the next seed");
  CLI::Option* from_image =
      command.add_option("--from-image,--from-picture", options.from_image,
                         "Start at this image of the test set (0, 1, …), encoded by a VAE");
  CLI::Option* to_image = command.add_option("--to-image,--to-picture", options.to_image,
                                             "End at this image of the test set");
  from->excludes(from_image);
  to->excludes(to_image);
  CLI::Option* corners =
      command
          .add_option("--corners", options.corners,
                      "A grid between the first samples of four seeds: top left, top right, bottom "
                      "left, bottom right")
          ->expected(4)
          ->delimiter(',');
  CLI::Option* rows = command.add_option("--rows", options.rows,
                                         "Strips; default: 8, or 1 between images of the test set");
  rows->check(CLI::Range(1u, 100u));
  for (CLI::Option* other : {from, to, from_image, to_image, rows}) corners->excludes(other);
}

}  // namespace

void add_interpolate(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("interpolate", "Draws strips of images interpolated in latent space.");
  auto options = std::make_shared<InterpolateOptions>();
  add_run_option(*command, options->run);
  command
      ->add_option("--out", options->out,
                   "The file to write: an image (.png) or an animation (.gif, .apng)")
      ->capture_default_str();
  add_force_option(*command, options->force);
  add_ends(*command, *options);
  command->add_option("--frames", options->frames, "Images in a strip, or along a side of the grid")
      ->check(CLI::Range(2u, 1000u))
      ->capture_default_str();
  command->add_option("--fps", options->frames_per_second, "Frames per second of an animation")
      ->check(CLI::Range(1u, 50u))
      ->capture_default_str();
  command->add_flag("--spherical", options->spherical, "Along an arc instead of a straight line");
  add_class_option(*command, options->wanted_class);
  add_sampling_options(*command, options->sampling);
  add_data_option(*command, options->data);
  add_seed_option(*command, session, "Of the first images; default: 1");
  add_common_options(*command, session);
  command->footer(
      "Example:\n  pumice interpolate runs/vae-mlp-mnist-1 --from-seed 3 --to-seed 4 --out "
      "strip.png\n  pumice interpolate runs/vae-mlp-mnist-1 --corners 1,2,3,4 --spherical\n"
      "  pumice interpolate runs/vae-mlp-mnist-1 --rows 16 --frames 20 --out digits.gif");
  command->callback([options, &session] { interpolate(*options, session); });
}

}  // namespace pumice::commands
