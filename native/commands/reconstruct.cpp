#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "engine/base/philox.h"
#include "native/commands/open_model.h"
#include "native/commands/output_file.h"
#include "native/views/images.h"

namespace pumice::commands {
namespace {

struct ReconstructOptions {
  std::string run;
  bool force = false;
  std::string out = "reconstruct.png";
  std::string data;
  uint32_t count = 50;
  uint32_t columns = 10;
};

// The first images, or random ones with --seed.
std::vector<uint32_t> chosen(const data::ImageSet& images, uint32_t count, const Session& session) {
  std::vector<uint32_t> indices = views::first_indices(images, count);
  if (!session.seed) return indices;
  PhiloxStream random(*session.seed, 0);
  for (uint32_t& index : indices) index = random.bits() % images.count;
  return indices;
}

double squared_error(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum / double(a.size());
}

void reconstruct(const ReconstructOptions& options, Session& session) {
  check_output_file(options.out, {".png"}, options.force);
  OpenModel open = open_model(session, options.run, Task::kReconstruct);
  models::Inference& inference = open.model->inference();
  const Shape& shape = inference.image();
  const data::ImageSet images = test_images(session, options.run, options.data, shape);
  const std::vector<uint32_t> indices = chosen(images, options.count, session);
  const std::vector<float> originals = views::to_values(images, indices);
  const std::vector<float> copies =
      inference.reconstruct(originals, views::to_labels(images, indices));
  formats::write_grid(options.out, views::pairs_image(shape, originals, copies, options.columns));
  double error = squared_error(originals, copies);
  session.print(
      fmt::format("wrote {}: {} above {}, squared error {:.5f} per pixel", options.out,
                  count_of(indices.size(), "test image"),
                  indices.size() == 1 ? "its reconstruction" : "their reconstructions", error),
      {{"out", options.out}, {"count", indices.size()}, {"squared_error", error}});
}

}  // namespace

void add_reconstruct(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "reconstruct", "Draws rows of test images above their reconstructions by the model.");
  auto options = std::make_shared<ReconstructOptions>();
  add_run_option(*command, options->run);
  add_out_option(*command, options->out);
  add_force_option(*command, options->force);
  add_data_option(*command, options->data);
  command->add_option("--count", options->count, "Number of images")
      ->check(CLI::Range(1u, 10000u))
      ->capture_default_str();
  command->add_option("--columns", options->columns, "Images in a row")
      ->check(CLI::Range(1u, 1000u))
      ->capture_default_str();
  add_seed_option(*command, session, "Take random images instead of the first ones");
  add_common_options(*command, session);
  command->footer("Example:\n  pumice reconstruct runs/vae-mlp-mnist-1 --count 20 --out pairs.png");
  command->callback([options, &session] { reconstruct(*options, session); });
}

}  // namespace pumice::commands
