#include "native/commands/open_model.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "native/run/load_data.h"

namespace pumice::commands {

OpenModel open_model(Session& session, const std::string& run, Task task) {
  const io::Checkpoint checkpoint = io::Checkpoint::read(checkpoint_of(run));
  const std::string_view kind = nn::kind_of(checkpoint.network());
  require(kind != "classifier", "{}: expected a model that draws pictures, found a classifier",
          checkpoint.file_name());
  require(kind == "vae" || task == Task::kDraw,
          "{}: expected a vae, which can encode pictures, found a {}", checkpoint.file_name(),
          kind);
  OpenModel open{.device = session.open_device(), .model = nullptr};
  open.model = std::make_unique<Model>(*open.device, checkpoint.network(),
                                       nn::Model::Options{.average = checkpoint.has_average()});
  open.model->load(checkpoint);
  return open;
}

data::ImageSet test_pictures(const Session& session, const std::string& run,
                             const std::string& folder, const Shape& picture) {
  const io::Checkpoint checkpoint = io::Checkpoint::read(checkpoint_of(run));
  const Recipe recipe =
      parse_recipe(checkpoint.training().recipe, checkpoint.file_name() + ": recipe");
  data::ImageSet images = load_data(recipe.data, folder, data::Split::kTest, session.say());
  require(picture == Shape({images.height, images.width, images.channels}),
          "{} takes pictures of {}, the data has [{}, {}, {}]", run, picture, images.height,
          images.width, images.channels);
  return images;
}

void add_run_option(CLI::App& command, std::string& run) {
  command.add_option("RUN", run, "A run's folder, or its checkpoint (.safetensors)")->required();
}

void add_out_option(CLI::App& command, std::string& out) {
  command.add_option("--out", out, "The picture to write (PNG)")->capture_default_str();
}

void add_class_option(CLI::App& command, std::optional<uint32_t>& wanted) {
  command.add_option("--class", wanted,
                     "What a conditional model draws; default: its classes one after another");
}

void add_data_option(CLI::App& command, std::string& data) {
  command.add_option("--data", data,
                     "Folder with the data set's files; default: its own in $PUMICE_DATA, or in "
                     "~/.cache/pumice/data");
}

}  // namespace pumice::commands
