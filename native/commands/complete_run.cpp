#include "native/commands/complete_run.h"

#include "engine/io/checkpoint_header.h"
#include "native/commands/open_model.h"
#include "native/training/load_data.h"
#include "native/views/images.h"
#include "native/views/latent_scatter.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;

void draw_missing(report::ReportedRun& run, const std::string& data, Session& session) {
  const io::Checkpoint checkpoint = read_checkpoint(run.folder.path());
  const models::Family& family = checkpoint.network().family();
  if (!family.draws) return;
  const io::TrainingRecord record = checkpoint.training();
  const bool lacks_samples =
      record.metrics.empty() && !fs::exists(run.folder.samples_within_first_epoch());
  const bool lacks_strip = !fs::exists(run.folder.interpolation());
  const bool lacks_plane = family.encodes && checkpoint.network().latent_size() > 1 &&
                           !fs::exists(run.folder.latent_points());
  if (!(lacks_samples || lacks_strip || lacks_plane)) return;
  OpenModel open = open_model(session, run.folder.path(), Task::kDraw);
  models::Inference& inference = open.model->inference();
  if (lacks_samples) run.samples = views::samples_image(inference, record.seed);
  if (lacks_strip) run.interpolation = views::interpolation_image(inference, record.seed);
  if (!lacks_plane) return;
  const Recipe recipe = parse_recipe(record.recipe, checkpoint.file_name() + ": recipe");
  run.latents = views::latent_scatter(
      inference, load_data(recipe, data, data::Split::kTest, session.notifier()));
}

}  // namespace

report::ReportedRun complete_run(const fs::path& folder, const std::string& data,
                                 Session& session) {
  report::ReportedRun run = report::reported_run(folder);
  try {
    if (run.folder.holds_run()) draw_missing(run, data, session);
  } catch (const io::NewerVersion&) {
    throw;
  } catch (const Error& error) {
    run.notes.emplace_back(error.what());
    session.note(fmt::format("left out images that need the model: {}", error.what()));
  }
  return run;
}

}  // namespace pumice::commands
