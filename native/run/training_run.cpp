#include "native/run/training_run.h"

#include <array>
#include <chrono>

#include "engine/base/atomic_file.h"
#include "engine/base/count_of.h"
#include "engine/base/require.h"
#include "engine/nn/latents.h"
#include "native/report/devices.h"
#include "native/run/curves.h"
#include "native/run/data_record.h"
#include "native/run/latent_scatter.h"
#include "native/run/pictures.h"
#include "native/run/report_page.h"

namespace pumice {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr uint32_t kReconstructionColumns = 10;
constexpr uint32_t kReconstructions = 50;
constexpr uint32_t kManifoldSide = 20;

void append(std::vector<double>& row, const Figures& figures) {
  for (const Figure& figure : figures) row.push_back(figure.value);
}

}  // namespace

TrainingRun::TrainingRun(hal::Device& device, const Recipe& recipe, const TrainingData& data,
                         const io::Checkpoint* resume)
    : device_(device),
      recipe_(recipe),
      data_(data),
      folder_(""),
      model_(device, describe_model(recipe, picture_kind(data.train)), model_options(recipe)),
      trainer_(make_trainer(device, model_.model(), recipe, data)),
      record_{.recipe = to_toml(recipe),
              .seed = recipe.seed,
              .class_names = class_names_for(model_.description(), data.train),
              .data = data_record(data)} {
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
          "{}: step {} and {} do not fit {} of {}", checkpoint.file_name(), record.step,
          count_of(record.figures.size(), "row of metrics", "rows of metrics"),
          count_of(record.epoch, "epoch"), count_of(steps_per_epoch(), "step"));
  model_.load(checkpoint);
  for (const train::NamedState& state : trainer_->state()) {
    device_.write(*state.buffer, state.shape ? checkpoint.state(state.name, *state.shape)
                                             : checkpoint.state(state.name, *state.layout));
  }
  trainer_->resume_at(record.step);
  record_.epoch = record.epoch;
  record_.figures = std::move(record.figures);
}

void TrainingRun::add_evaluation(std::unique_ptr<EpochEvaluation> evaluation) {
  evaluation_ = std::move(evaluation);
}

void TrainingRun::open_folder(const RunFolder& folder) {
  folder_ = folder;
  bool is_new = step() == 0;
  if (is_new) folder_.clear();
  folder_.clear_end();
  write_file_atomically(folder_.recipe(), record_.recipe);
  metrics_ = is_new ? report::MetricsCsv(folder_.metrics(), metrics())
                    : report::MetricsCsv::go_on(folder_.metrics(), metrics(), record_.epoch);
  steps_.emplace(folder_.steps(), trainer_->figure_names(), steps_per_epoch(), step());
  log_.emplace(folder_, record_.epoch, report::device_line(device_.limits()),
               evaluation_ ? evaluation_->basis() : "");
}

std::vector<std::string> TrainingRun::metrics() const {
  std::vector<std::string> columns{"epoch"};
  for (const std::string& name : trainer_->figure_names()) columns.push_back("train_" + name);
  for (const std::string& name : trainer_->test_figure_names()) columns.push_back("test_" + name);
  if (evaluation_) {
    for (const std::string& name : evaluation_->figure_names()) columns.push_back("test_" + name);
  }
  columns.insert(columns.end(), {"seconds", "images_per_second"});
  return columns;
}

uint32_t TrainingRun::images_per_step() const { return pumice::images_per_step(recipe_); }

bool TrainingRun::go(TrainingListener& listener, const std::function<bool()>& stop) {
  const bool complete = train_epochs(listener, stop);
  complete ? draw_end() : draw_stop();
  write_report(folder_);
  return complete;
}

bool TrainingRun::train_epochs(TrainingListener& listener, const std::function<bool()>& stop) {
  while (record_.epoch < recipe_.train.epochs) {
    if (!train_epoch(listener, stop)) return false;
    if (stop()) return record_.epoch == recipe_.train.epochs;
  }
  return true;
}

bool TrainingRun::train_epoch(TrainingListener& listener, const std::function<bool()>& stop) {
  auto begin = std::chrono::steady_clock::now();
  uint32_t first_step = step();
  Figures train = train_steps(listener, stop);
  if (!trainer_->at_epoch_end()) {
    save();
    return false;
  }
  listener.on_progress({step(), steps_per_epoch(), steps_per_epoch(), train});
  Speed speed{.seconds = Seconds(std::chrono::steady_clock::now() - begin).count()};
  speed.images_per_second = double(step() - first_step) * images_per_step() / speed.seconds;
  finish_epoch(train, speed);
  listener.on_epoch(record_.figures.back(), speed);
  return true;
}

Figures TrainingRun::train_steps(TrainingListener& listener, const std::function<bool()>& stop) {
  const uint32_t interval = steps_->steps_per_row();
  Figures train = trainer_->run_epoch([&](const train::Progress& progress) {
    steps_->append_whole(trainer_->averages_by(interval));
    listener.on_progress(progress);
    return !stop();
  });
  steps_->append_all(trainer_->averages_by(interval));
  return train;
}

// The checkpoint comes last: a run that is resumed repeats whatever was drawn and noted after it.
void TrainingRun::finish_epoch(const Figures& train, const Speed& speed) {
  Figures test = trainer_->evaluate();
  ++record_.epoch;
  if (evaluation_) {
    const Figures quality = evaluation_->measure(model_.inference(), record_.epoch);
    test.insert(test.end(), quality.begin(), quality.end());
  }
  record_.figures.push_back({.epoch = record_.epoch, .train = train, .test = test});
  std::vector<double> row{double(record_.epoch)};
  append(row, train);
  append(row, test);
  row.insert(row.end(), {speed.seconds, speed.images_per_second});
  metrics_->append(row);
  log_->note(record_.figures.back(), speed);
  draw_epoch();
  draw_curves();
  save();
}

void TrainingRun::draw_epoch() {
  nn::Inference& inference = model_.inference();
  if (!inference.can_decode()) return;
  draw_by_epoch(folder_.samples(record_.epoch), "samples",
                samples_picture(inference, recipe_.seed));
  if (inference.can_encode()) draw_reconstructions();
  if (inference.latent_size() == 2) draw_plane();
}

void TrainingRun::draw_by_epoch(const std::filesystem::path& path, const std::string& tag,
                                const report::Picture& picture) {
  make_folder_of(path);
  report::write_png(path, picture);
  log_->show(record_.epoch, tag, picture);
}

void TrainingRun::draw_reconstructions() {
  const std::vector<uint32_t> indices = first_indices(data_.test, kReconstructions);
  const std::vector<float> originals = to_values(data_.test, indices);
  const std::vector<float> copies =
      model_.inference().reconstruct(originals, to_labels(data_.test, indices));
  draw_by_epoch(
      folder_.reconstructions(record_.epoch), "reconstructions",
      pairs_picture(model_.inference().picture(), originals, copies, kReconstructionColumns));
}

void TrainingRun::draw_plane() {
  nn::Inference& inference = model_.inference();
  report::write_png(folder_.manifold(),
                    latents_picture(inference, nn::manifold_latents(kManifoldSide),
                                    drawn_labels(inference, kManifoldSide * kManifoldSide, {}),
                                    {.columns = kManifoldSide, .margin = 0}));
  if (inference.can_encode()) {
    report::write_png(folder_.latents(), scatter_picture(inference, data_.test));
  }
}

void TrainingRun::draw_curves() const {
  for (const Curves& curves : curves_of(recipe_.name, record_.figures)) {
    for (const char* extension : {"png", "svg"}) {
      make_folder_of(folder_.curve(curves.group, extension));
      report::write_plot(folder_.curve(curves.group, extension), curves.plot);
    }
  }
}

void TrainingRun::draw_end() {
  nn::Inference& inference = model_.inference();
  if (!inference.can_decode()) return;
  report::write_png(folder_.interpolation(), interpolation_picture(inference, recipe_.seed));
  if (inference.can_encode() && inference.latent_size() > 2) {
    report::write_png(folder_.latents(), scatter_picture(inference, data_.test));
  }
}

// What stops later has the pictures of its epochs.
void TrainingRun::draw_stop() {
  nn::Inference& inference = model_.inference();
  if (!inference.can_decode() || record_.epoch > 0) return;
  const std::filesystem::path path = folder_.samples_within_first_epoch();
  make_folder_of(path);
  report::write_png(path, samples_picture(inference, recipe_.seed));
}

void TrainingRun::save() {
  record_.step = step();
  io::CheckpointContent content{.network = model_.description(), .training = record_};
  auto read = [&](const hal::BufferPtr& buffer) { return device_.read(*buffer)->take(); };
  for (const nn::ParameterSet& set : model_.model().parameters()) {
    content.parameters.push_back(
        {.name = set.prefix, .layout = set.parameters, .bytes = read(set.parameters->buffer())});
  }
  for (const train::NamedState& state : trainer_->state()) {
    content.state.push_back({.name = state.name,
                             .layout = state.shape ? nullptr : state.layout,
                             .shape = state.shape.value_or(Shape{}),
                             .bytes = read(state.buffer)});
  }
  io::write_checkpoint(folder_.checkpoint(), content);
}

}  // namespace pumice
