#include "native/run/training_run.h"

#include <array>
#include <chrono>

#include "engine/base/atomic_file.h"
#include "engine/base/require.h"
#include "engine/nn/latents.h"
#include "native/report/curve.h"
#include "native/run/pictures.h"
#include "native/run/vae_recipe.h"

namespace pumice {
namespace {

using Seconds = std::chrono::duration<double>;

const std::vector<std::string> kMetrics{"epoch",    "train_loss", "train_reconstruction",
                                        "train_kl", "test_loss",  "test_reconstruction",
                                        "test_kl",  "seconds",    "images_per_second"};

constexpr uint32_t kSampleColumns = 10;
constexpr uint32_t kReconstructions = 50;
constexpr uint32_t kManifoldSide = 20;

Shape picture_of(const data::ImageSet& images) {
  return {images.height, images.width, images.channels};
}

}  // namespace

TrainingRun::TrainingRun(hal::Device& device, const Recipe& recipe, const TrainingData& data,
                         const RunFolder& folder, const io::Checkpoint* resume)
    : device_(device),
      recipe_(recipe),
      data_(data),
      folder_(folder),
      model_(device, describe_vae(recipe, picture_of(data.train))),
      trainer_(device, model_.vae(), model_.parameters(), data.train, data.test,
               vae_options(recipe)),
      record_{.recipe = to_toml(recipe), .seed = recipe.seed} {
  if (resume != nullptr) {
    load(*resume);
  } else {
    model_.initialize(recipe.seed);
  }
}

void TrainingRun::load(const io::Checkpoint& checkpoint) {
  require(checkpoint.network() == model_.description(),
          "{}: its network is not the one of its recipe on this data", checkpoint.file_name());
  io::TrainingRecord record = checkpoint.training();
  require(record.step / steps_per_epoch() == record.epoch && record.figures.size() == record.epoch,
          "{}: step {} and {} figures do not fit {} epochs of {} steps", checkpoint.file_name(),
          record.step, record.figures.size(), record.epoch, steps_per_epoch());
  model_.load(checkpoint);
  for (const train::NamedState& state : trainer_.state()) {
    device_.write(*state.buffer, state.shape ? checkpoint.state(state.name, *state.shape)
                                             : checkpoint.state(state.name, model_.parameters()));
  }
  trainer_.resume_at(record.step);
  record_.epoch = record.epoch;
  record_.figures = std::move(record.figures);
}

void TrainingRun::open_folder() {
  bool is_new = step() == 0;
  if (is_new) folder_.clear();
  folder_.create();
  write_file_atomically(folder_.recipe(), record_.recipe);
  metrics_ = is_new ? report::MetricsCsv(folder_.metrics(), kMetrics)
                    : report::MetricsCsv::go_on(folder_.metrics(), kMetrics, record_.epoch);
}

bool TrainingRun::go(TrainingListener& listener, const std::function<bool()>& stop) {
  while (record_.epoch < recipe_.train.epochs) {
    if (!train_epoch(listener, stop)) return false;
    if (stop()) return record_.epoch == recipe_.train.epochs;
  }
  return true;
}

bool TrainingRun::train_epoch(TrainingListener& listener, const std::function<bool()>& stop) {
  auto begin = std::chrono::steady_clock::now();
  uint32_t first_step = step();
  nn::VaeFigures train = trainer_.run_epoch([&](const train::Progress& progress) {
    listener.on_progress(progress);
    return !stop();
  });
  if (!trainer_.at_epoch_end()) {
    save();
    return false;
  }
  listener.on_progress({step(), steps_per_epoch(), steps_per_epoch(), train});
  Speed speed{.seconds = Seconds(std::chrono::steady_clock::now() - begin).count()};
  speed.images_per_second = double(step() - first_step) * recipe_.train.batch / speed.seconds;
  finish_epoch(train, speed);
  listener.on_epoch(record_.figures.back(), speed);
  return true;
}

// The checkpoint comes last: a run that is resumed repeats whatever was drawn and noted after it.
void TrainingRun::finish_epoch(const nn::VaeFigures& train, const Speed& speed) {
  const nn::VaeFigures test = trainer_.evaluate();
  ++record_.epoch;
  record_.figures.push_back({.epoch = record_.epoch, .train = train, .test = test});
  metrics_->append(std::array<double, 9>{double(record_.epoch), train.loss, train.reconstruction,
                                         train.kl, test.loss, test.reconstruction, test.kl,
                                         speed.seconds, speed.images_per_second});
  draw_epoch();
  draw_curve();
  save();
}

void TrainingRun::draw_epoch() {
  nn::VaeInference& inference = model_.inference();
  const Shape& shape = model_.description().picture;
  uint32_t count = kSampleColumns * kSampleColumns;
  std::vector<float> latents =
      nn::normal_latents(recipe_.seed, 0, count, model_.description().latent_size);
  report::write_png(folder_.samples(record_.epoch),
                    latents_picture(inference, shape, latents, {.columns = kSampleColumns}));
  std::vector<float> originals = to_values(data_.test, first_indices(data_.test, kReconstructions));
  report::write_png(
      folder_.reconstructions(record_.epoch),
      pairs_picture(shape, originals, inference.reconstruct(originals), kSampleColumns));
  if (model_.description().latent_size != 2) return;
  report::write_png(folder_.manifold(),
                    latents_picture(inference, shape, nn::manifold_latents(kManifoldSide),
                                    {.columns = kManifoldSide, .margin = 0}));
  report::write_png(folder_.latents(), scatter_picture(inference, data_.test));
}

void TrainingRun::draw_curve() const {
  report::Plot plot{.title = recipe_.name,
                    .x_label = "epoch",
                    .y_label = "loss, nats per picture",
                    .series = {{"train", {}}, {"test", {}}},
                    .whole_x = true};
  for (const io::EpochFigures& row : record_.figures) {
    plot.series[0].points.push_back({double(row.epoch), row.train.loss});
    plot.series[1].points.push_back({double(row.epoch), row.test.loss});
  }
  for (const char* extension : {"png", "svg"}) report::write_plot(folder_.curve(extension), plot);
}

void TrainingRun::save() {
  record_.step = step();
  io::CheckpointContent content{.network = model_.description(), .training = record_};
  content.parameters = device_.read(*model_.parameters().buffer())->take();
  for (const train::NamedState& state : trainer_.state()) {
    content.state.push_back({state.name, state.shape, device_.read(*state.buffer)->take()});
  }
  io::write_checkpoint(folder_.checkpoint(), model_.parameters(), content);
}

}  // namespace pumice
