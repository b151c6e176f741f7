#pragma once

#include <memory>
#include <string>

#include "native/observers/epoch_images.h"
#include "native/training/load_data.h"
#include "native/training/run_observer.h"

namespace pumice::observers {

using Observer = std::unique_ptr<RunObserver>;

/// Adds FID and the Inception score of samples every few epochs (`[evaluate]` of the recipe). Opens
/// the extractor (see ExtractorChoice::open) and computes the features of the test images, unless
/// the recipe ends before the first measurement; one that ends by its minutes measures at its end.
/// `data_folder`: --data, may be empty. Throws Error, before any work, if there are too few samples
/// or test images or the extractor does not fit.
Observer epoch_evaluation(hal::Device& device, const Recipe& recipe, const data::ImageSet& test,
                          const std::string& data_folder, const Notify& notify);

/// The bytes of device memory that its extractor takes; 0 without one, and for one that is not
/// trained yet. Throws Error as epoch_evaluation does.
uint64_t evaluation_memory(const hal::Limits& limits, const Recipe& recipe,
                           const data::ImageSet& test, const std::string& data_folder);

/// Says once, for GANs with the losses of Goodfellow et al., that the discriminator has won: in the
/// mean of an epoch, its estimate of the Jensen-Shannon divergence is next to ln 2, and the
/// generator's gradients are next to zero.
Observer collapse_warning(const Notify& notify);

/// What replaces lost rows of metrics.
inline constexpr std::string_view kFromCheckpoint =
    "they come from the checkpoint now, without times";

/// metrics.csv: a row for each epoch. This file and the next two are repaired when a run is resumed
/// and they do not fit its checkpoint; `notify` gets a line that says what was lost.
Observer metrics_csv(const Notify& notify);
/// What trains, for the reader of a run's files.
struct Origin {
  std::string program;  ///< "pumice 0.1.0 (1234567)"
  std::string command;  ///< the command line
};
/// metrics.jsonl: the same for other programs, with the device's name, the time and `origin`.
Observer metrics_lines(const Notify& notify, Origin origin);
/// steps.csv: training metrics by step, see StepsCsv.
Observer steps_csv(const Notify& notify);
/// TensorBoard's event file: metrics, speed and images.
Observer tensorboard(std::shared_ptr<EpochImages> images);
/// samples/ and reconstructions/: an image for each epoch.
Observer image_files(std::shared_ptr<EpochImages> images);
/// manifold.png, latents.png, latents.json and interpolation.png; samples if a run stops in its
/// first epoch.
Observer latent_images();
/// passes.png: samples on their way from noise, of models that decode in several passes.
Observer decode_passes();
/// curves/: plots of the metrics by epoch.
Observer curve_files();
/// report.html, when training ends.
Observer html_report();

}  // namespace pumice::observers
