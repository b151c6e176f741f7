#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

#include "engine/nn/latents.h"
#include "native/commands/open_model.h"
#include "native/run/pictures.h"

namespace pumice::commands {
namespace {

struct Options {
  std::string run;
  std::string out = "interpolate.png";
  std::optional<uint64_t> from_seed;
  std::optional<uint64_t> to_seed;
  uint32_t frames = 10;
  uint32_t rows = 8;
  std::optional<uint32_t> wanted_class;
  bool spherical = false;
};

// Row r goes from sample r of one seed to sample r of the other.
std::vector<float> strips(const Options& options, uint64_t from, uint64_t to, uint32_t size) {
  std::vector<float> latents;
  for (uint32_t row = 0; row < options.rows; ++row) {
    std::vector<float> strip =
        nn::interpolate(nn::normal_latents(from, row, 1, size),
                        nn::normal_latents(to, row, 1, size), options.frames, options.spherical);
    latents.insert(latents.end(), strip.begin(), strip.end());
  }
  return latents;
}

// A strip keeps to one class.
std::vector<uint32_t> strip_labels(const Options& options, const nn::Inference& inference) {
  std::vector<uint32_t> labels;
  for (uint32_t label : drawn_labels(inference, options.rows, options.wanted_class)) {
    labels.insert(labels.end(), options.frames, label);
  }
  return labels;
}

void interpolate(const Options& options, Session& session) {
  OpenModel open = open_model(session, options.run, Task::kDraw);
  nn::Inference& inference = open.model->inference();
  uint64_t from = options.from_seed.value_or(session.seed.value_or(1));
  uint64_t to = options.to_seed.value_or(from + 1);
  report::write_png(options.out,
                    latents_picture(inference, strips(options, from, to, inference.latent_size()),
                                    strip_labels(options, inference), {.columns = options.frames}));
  session.print(
      fmt::format("wrote {}: {} strips of {} pictures", options.out, options.rows, options.frames),
      {{"out", options.out},
       {"rows", options.rows},
       {"frames", options.frames},
       {"from_seed", from},
       {"to_seed", to},
       {"spherical", options.spherical}});
}

}  // namespace

void add_interpolate(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("interpolate", "Draws strips of pictures that turn into each other.");
  auto options = std::make_shared<Options>();
  add_run_option(*command, options->run);
  add_out_option(*command, options->out);
  command->add_option("--from-seed", options->from_seed, "Of the first pictures; default: --seed");
  command->add_option("--to-seed", options->to_seed, "Of the last ones; default: the next seed");
  command->add_option("--frames", options->frames, "Pictures of a strip")
      ->check(CLI::Range(2u, 1000u))
      ->capture_default_str();
  command->add_option("--rows", options->rows, "Strips")
      ->check(CLI::Range(1u, 100u))
      ->capture_default_str();
  command->add_flag("--spherical", options->spherical, "Along an arc instead of a straight line");
  add_class_option(*command, options->wanted_class);
  add_seed_option(*command, session, "Of the first pictures; default: 1");
  add_common_options(*command, session);
  command->footer(
      "Example:\n  pumice interpolate runs/vae-mlp-mnist-1 --from-seed 3 --to-seed 4 --out "
      "strip.png");
  command->callback([options, &session] { interpolate(*options, session); });
}

}  // namespace pumice::commands
