#include "engine/models/latents.h"
#include "native/observers/observers.h"
#include "native/report/scatter_file.h"
#include "native/views/images.h"
#include "native/views/latent_scatter.h"

namespace pumice::observers {
namespace {

constexpr uint32_t kManifoldSide = 20;

void draw_scatter(TrainingRun& run) {
  const views::LatentScatter scatter = views::latent_scatter(run.inference(), run.data().test);
  formats::write_png(run.folder().latents(), views::scatter_image(scatter));
  report::write_scatter(run.folder().latent_points(), scatter);
}

void draw_manifold(TrainingRun& run) {
  models::Inference& inference = run.inference();
  formats::write_grid(
      run.folder().manifold(),
      views::latents_image(inference, models::manifold_latents(kManifoldSide),
                           views::drawn_labels(inference, kManifoldSide * kManifoldSide, {}),
                           {.columns = kManifoldSide, .margin = 0}));
}

class LatentImages : public RunObserver {
 public:
  Metrics on_epoch(TrainingRun& run, const Epoch& /*epoch*/) override {
    if (!run.inference().can_decode() || run.inference().latent_size() != 2) return {};
    draw_manifold(run);
    if (run.inference().can_encode()) draw_scatter(run);
    return {};
  }

  void on_end(TrainingRun& run) override {
    if (!run.inference().can_decode()) return;
    run.end() == RunEnd::kStopped ? draw_stop(run) : draw_end(run);
  }

 private:
  static void draw_end(TrainingRun& run) {
    formats::write_grid(run.folder().interpolation(),
                        views::interpolation_image(run.inference(), run.recipe().seed));
    if (run.inference().can_encode() && run.inference().latent_size() > 2) draw_scatter(run);
  }

  // A run that stops later has the samples of its completed epochs.
  static void draw_stop(TrainingRun& run) {
    if (run.epoch() > 0) return;
    const std::filesystem::path file = run.folder().samples_within_first_epoch();
    make_folder_of(file);
    formats::write_grid(file, views::samples_image(run.inference(), run.recipe().seed));
  }
};

}  // namespace

Observer latent_images() { return std::make_unique<LatentImages>(); }

}  // namespace pumice::observers
