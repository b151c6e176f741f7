#include "native/training/run_progress.h"

namespace pumice {

RunProgress::RunProgress(std::FILE* out, const TrainingRun& run)
    : images_per_step_(run.images_per_step()),
      bar_(out, system::progress_style(out, false), run.recipe().train.epochs,
           uint64_t{run.steps_per_epoch()} * images_per_step_, run.epoch() + 1,
           system::Progress::Clock{},
           uint64_t{run.step() % run.steps_per_epoch()} * images_per_step_) {}

void RunProgress::update(const train::Progress& progress) {
  bar_.update(uint64_t{progress.step_in_epoch} * images_per_step_, progress.latest);
}

}  // namespace pumice
