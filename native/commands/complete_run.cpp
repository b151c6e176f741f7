#include "native/commands/complete_run.h"

#include "native/commands/open_model.h"
#include "native/run/latent_scatter.h"
#include "native/run/load_data.h"
#include "native/run/pictures.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;

void draw_missing(ReportedRun& run, const std::string& data, Session& session) {
  const io::Checkpoint checkpoint = io::Checkpoint::read(run.folder.checkpoint());
  const bool is_vae = nn::kind_of(checkpoint.network()) == "vae";
  const io::TrainingRecord record = checkpoint.training();
  const bool lacks_samples =
      record.epoch == 0 && !fs::exists(run.folder.samples_within_first_epoch());
  const bool lacks_strip = !fs::exists(run.folder.interpolation());
  const bool lacks_plane =
      is_vae && nn::latent_size_of(checkpoint.network()) > 1 && !fs::exists(run.folder.latents());
  if (nn::kind_of(checkpoint.network()) == "classifier") return;
  if (!(lacks_samples || lacks_strip || lacks_plane)) return;
  OpenModel open = open_model(session, run.folder.path(), Task::kDraw);
  nn::Inference& inference = open.model->inference();
  if (lacks_samples) run.samples = samples_picture(inference, record.seed);
  if (lacks_strip) run.interpolation = interpolation_picture(inference, record.seed);
  if (!lacks_plane) return;
  const Recipe recipe = parse_recipe(record.recipe, checkpoint.file_name() + ": recipe");
  run.latents =
      scatter_picture(inference, load_data(recipe, data, data::Split::kTest, session.say()));
}

}  // namespace

ReportedRun complete_run(const fs::path& folder, const std::string& data, Session& session) {
  ReportedRun run = reported_run(folder);
  try {
    if (run.folder.holds_run()) draw_missing(run, data, session);
  } catch (const Error& error) {
    run.notes.emplace_back(error.what());
    session.note(fmt::format("left out what needs the model: {}", error.what()));
  }
  return run;
}

}  // namespace pumice::commands
