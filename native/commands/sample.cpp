#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/count_of.h"
#include "engine/base/divide_up.h"
#include "engine/models/latents.h"
#include "native/commands/number_check.h"
#include "native/commands/open_model.h"
#include "native/commands/output_file.h"
#include "native/commands/sampling_options.h"
#include "native/system/device_text.h"
#include "native/views/images.h"

namespace pumice::commands {
namespace {

constexpr uint32_t kManifoldSide = 20;
constexpr uint32_t kMost = 10000;

struct SampleOptions {
  std::string run;
  bool force = false;
  std::string out = "sample.png";
  std::optional<uint32_t> count;
  std::optional<uint32_t> rows;
  std::optional<uint32_t> columns;
  std::string wanted_class;
  double truncation = 1;
  bool manifold = false;
  std::string compare;
  SamplingValues sampling;
};

struct Layout {
  uint32_t count = 0;
  uint32_t columns = 0;  ///< 0: as square as possible
};

Layout layout_of(const SampleOptions& options) {
  if (!options.rows) return {options.count.value_or(100), options.columns.value_or(0)};
  if (!options.columns) {
    uint32_t count = options.count.value_or(*options.rows * *options.rows);
    return {count, divide_up(count, *options.rows)};
  }
  return {options.count.value_or(*options.rows * *options.columns), *options.columns};
}

std::vector<float> latents_of(const SampleOptions& options, uint64_t seed, uint32_t count,
                              uint32_t size) {
  if (options.manifold) return models::manifold_latents(kManifoldSide);
  std::vector<float> latents = models::normal_latents(seed, 0, count, size);
  models::truncate(latents, options.truncation);
  return latents;
}

/// Draws the same images on another device, and tells how far its pixels are from these.
void compare(const SampleOptions& options, Session& session, const std::vector<float>& images,
             const std::vector<float>& latents, const std::vector<uint32_t>& labels) {
  const std::string device = std::exchange(session.device, options.compare);
  const OpenModel other = open_model(session, options.run, Task::kDraw);
  session.device = device;
  apply_sampling(options.sampling, *other.model);
  const std::vector<float> theirs = other.model->inference().decode(latents, labels);
  float largest = 0;
  for (size_t i = 0; i < images.size(); ++i) {
    largest = std::max(largest, std::abs(images[i] - theirs[i]));
  }
  const std::string name = system::device_line(other.device->limits());
  session.print(
      fmt::format("pixels (0 to 1) differ by at most {:.2g} from those of {}", largest, name),
      {{"compared_with", name}, {"largest_difference", largest}});
}

void sample(const SampleOptions& options, Session& session) {
  check_output_file(options.out, {".png"}, options.force);
  OpenModel open = open_model(session, options.run, Task::kDraw);
  models::Inference& inference = open.model->inference();
  apply_sampling(options.sampling, *open.model);
  const uint32_t size = inference.latent_size();
  const uint64_t seed = session.seed.value_or(1);
  const Layout layout =
      options.manifold ? Layout{kManifoldSide * kManifoldSide, kManifoldSide} : layout_of(options);
  require(!options.manifold || size == 2,
          "sample: --manifold shows latents of 2 numbers, those of {} have {}", options.run, size);
  const std::optional<uint32_t> label = open.find_class(options.wanted_class);
  const std::vector<uint32_t> labels = views::drawn_labels(inference, layout.count, label);
  const std::vector<float> latents = latents_of(options, seed, layout.count, size);
  const std::vector<float> images = inference.decode(latents, labels);
  formats::write_grid(options.out, views::image_grid(images, inference.image(),
                                                     {.columns = layout.columns,
                                                      .margin = options.manifold ? 0u : 1u}));
  nlohmann::json object{{"out", options.out},
                        {"count", layout.count},
                        {"seed", seed},
                        {"truncation", options.truncation}};
  put_sampling(*open.model, object);
  session.print(fmt::format("wrote {}: {}{}", options.out, count_of(layout.count, "sample"),
                            open.tell_class(label, object)),
                object);
  if (!options.compare.empty()) compare(options, session, images, latents, labels);
}

}  // namespace

void add_sample(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("sample", "Draws new images from noise.");
  auto options = std::make_shared<SampleOptions>();
  add_run_option(*command, options->run);
  add_out_option(*command, options->out);
  add_force_option(*command, options->force);
  for (auto [name, value, help] :
       {std::tuple("--count", &options->count, "Number of images; default: 100"),
        std::tuple("--rows", &options->rows, "Rows of the grid"),
        std::tuple("--columns", &options->columns, "Columns of the grid")}) {
    command->add_option(name, *value, help)->check(CLI::Range(1u, kMost));
  }
  CLI::Option* manifold =
      command->add_flag("--manifold", options->manifold,
                        "Use a 20 x 20 grid of latents in a plane instead of random ones");
  command
      ->add_option("--truncation", options->truncation,
                   "Scales the latents: below 1, images are more typical and less varied")
      ->check(number_from(0, 10))
      ->capture_default_str()
      ->excludes(manifold);
  add_class_option(*command, options->wanted_class);
  add_sampling_options(*command, options->sampling);
  command
      ->add_option("--compare", options->compare,
                   "Draw the images on this device as well, and print the largest difference")
      ->type_name("DEVICE");
  add_seed_option(*command, session, "Of the noise; default: 1");
  add_common_options(*command, session);
  command->footer(
      "Example:\n  pumice sample runs/vae-mlp-mnist-1 --count 64 --seed 7 --out digits.png");
  command->callback([options, &session] { sample(*options, session); });
}

}  // namespace pumice::commands
