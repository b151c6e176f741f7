#include "engine/train/vae_trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/ops/ops.h"

namespace pumice::train {
namespace {

// Test noise is drawn apart from training's: a test does not change the run.
constexpr uint64_t kTestSeed = 0x7465737400000000;
constexpr auto kProgressInterval = std::chrono::milliseconds(200);

/// The first `count` rows of a history that was read.
std::vector<VaeFigures> row_figures(hal::Readback& history, uint32_t count) {
  const std::vector<float> values = to_floats(history.take(), uint64_t{count} * History::kColumns);
  std::vector<VaeFigures> rows;
  for (uint32_t row = 0; row < count; ++row) {
    const float* at = values.data() + row * History::kColumns;
    rows.push_back({.loss = at[0], .reconstruction = at[1], .kl = at[2]});
  }
  return rows;
}

bool is_finite(const VaeFigures& figures) {
  return std::isfinite(figures.loss) && std::isfinite(figures.reconstruction) &&
         std::isfinite(figures.kl);
}

VaeFigures average(const std::vector<VaeFigures>& rows) {
  VaeFigures total;
  for (const VaeFigures& row : rows) {
    total.loss += row.loss / rows.size();
    total.reconstruction += row.reconstruction / rows.size();
    total.kl += row.kl / rows.size();
  }
  return total;
}

Tensor weighted(const Tensor& kl, double weight) {
  return weight == 1 ? kl : ops::affine(kl, static_cast<float>(weight), 0);
}

}  // namespace

VaeTrainer::VaeTrainer(hal::Device& device, const nn::Vae& vae, const nn::Parameters& parameters,
                       const data::ImageSet& train, const data::ImageSet& test,
                       const VaeOptions& options)
    : device_(device),
      vae_(vae),
      parameters_(parameters),
      options_(options),
      train_set_(device, train, "train"),
      test_set_(device, test, "test"),
      adam_(device, parameters, options.adam),
      clock_(device, "clock"),
      test_clock_(device, "test.clock"),
      steps_per_epoch_(train_set_.full_steps(options.batch)),
      test_steps_(test_set_.covering_steps(options.batch)),
      history_(device, steps_per_epoch_, "history"),
      test_history_(device, test_steps_, "test.history") {
  require(train_set_.picture() == vae.description().picture,
          "vae: expects pictures of {}, the training data has {}", vae.description().picture,
          train_set_.picture());
  require(train_set_.picture() == test_set_.picture(),
          "vae: training pictures are {}, test pictures {}", train_set_.picture(),
          test_set_.picture());
  Graph train_graph(device.limits());
  build_train(train_graph);
  train_ = std::make_unique<Step>(device, train_graph, "train");
  Graph test_graph(device.limits());
  build_test(test_graph);
  test_ = std::make_unique<Step>(device, test_graph, "test");
  clock_.set(0, options.seed);
}

void VaeTrainer::build_train(Graph& graph) const {
  Tensor clock = clock_.tensor(graph);
  Tensor pictures = train_set_.shuffled_batch(clock, options_.batch).pictures;
  Tensor noise = ops::normal(clock, {options_.batch, vae_.description().latent_size});
  nn::Vae::Loss loss = vae_.loss(pictures, noise);
  Tensor reconstruction = ops::mean(loss.reconstruction);
  Tensor kl = ops::mean(loss.divergence);
  Tensor total = ops::add(reconstruction, weighted(kl, options_.kl_weight));
  adam_.step(total, clock);
  history_.record(clock, total, reconstruction, kl, kl);
  clock_.advance(graph);
}

void VaeTrainer::build_test(Graph& graph) const {
  Tensor clock = test_clock_.tensor(graph);
  data::DeviceDataset::Batch batch = test_set_.ordered_batch(clock, options_.batch);
  Tensor noise = ops::normal(clock, {options_.batch, vae_.description().latent_size});
  nn::Vae::Loss loss = vae_.loss(batch.pictures, noise);
  Tensor reconstruction = ops::sum(ops::multiply(loss.reconstruction, batch.weights));
  Tensor kl = ops::sum(ops::multiply(loss.divergence, batch.weights));
  Tensor total = ops::add(reconstruction, weighted(kl, options_.kl_weight));
  test_history_.record(clock, total, reconstruction, kl, kl);
  test_clock_.advance(graph);
}

void VaeTrainer::run_step() {
  train_->run();
  ++step_;
}

VaeFigures VaeTrainer::run_epoch(const std::function<bool(const Progress&)>& keep_going) {
  const Snapshot good = take_snapshot();
  const uint32_t epoch_begin = step_ / steps_per_epoch_ * steps_per_epoch_;
  std::unique_ptr<hal::Readback> late;
  uint32_t late_row = 0;
  auto next_report = std::chrono::steady_clock::now();
  VaeFigures latest;
  do {
    run_step();
    if (late && late->ready()) {
      latest = row_figures(*late, late_row + 1).back();
      late.reset();
      if (!is_finite(latest)) break;
    }
    if (late || std::chrono::steady_clock::now() < next_report) continue;
    next_report = std::chrono::steady_clock::now() + kProgressInterval;
    late_row = step_ - 1 - epoch_begin;
    late = device_.read(*history_.buffer());
    if (!keep_going({step_, step_ - epoch_begin, steps_per_epoch_, latest})) break;
  } while (!at_epoch_end());

  const std::vector<VaeFigures> rows = step_figures();
  auto bad = std::find_if_not(rows.begin(), rows.end(), is_finite);
  if (bad != rows.end()) {
    explain_not_finite(good, epoch_begin + static_cast<uint32_t>(bad - rows.begin()));
  }
  return average(rows);
}

void VaeTrainer::run_steps(uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) run_step();
  device_.read(*history_.buffer())->take();
}

std::vector<VaeFigures> VaeTrainer::step_figures() {
  const uint32_t rows = step_ == 0 ? 0 : (step_ - 1) % steps_per_epoch_ + 1;
  return row_figures(*device_.read(*history_.buffer()), rows);
}

VaeFigures VaeTrainer::evaluate() {
  test_clock_.set(0, options_.seed ^ kTestSeed);
  for (uint32_t i = 0; i < test_steps_; ++i) test_->run();
  VaeFigures total;
  for (const VaeFigures& sums : row_figures(*device_.read(*test_history_.buffer()), test_steps_)) {
    total.loss += sums.loss / test_set_.count();
    total.reconstruction += sums.reconstruction / test_set_.count();
    total.kl += sums.kl / test_set_.count();
  }
  return total;
}

std::vector<NamedState> VaeTrainer::state() const {
  return {{"optimizer.first_moment", adam_.first_moments(), std::nullopt},
          {"optimizer.second_moment", adam_.second_moments(), std::nullopt},
          {"train.history", history_.buffer(), Shape{history_.rows(), History::kColumns}}};
}

std::vector<hal::BufferPtr> VaeTrainer::changing_memory() const {
  std::vector<hal::BufferPtr> buffers = {parameters_.buffer()};
  for (const NamedState& state : state()) buffers.push_back(state.buffer);
  return buffers;
}

VaeTrainer::Snapshot VaeTrainer::take_snapshot() {
  Snapshot snapshot{.step = step_, .bytes = {}};
  for (const hal::BufferPtr& buffer : changing_memory()) {
    snapshot.bytes.push_back(device_.read(*buffer)->take());
  }
  return snapshot;
}

void VaeTrainer::restore(const Snapshot& snapshot) {
  const std::vector<hal::BufferPtr> buffers = changing_memory();
  for (size_t i = 0; i < buffers.size(); ++i) device_.write(*buffers[i], snapshot.bytes[i]);
  resume_at(snapshot.step);
}

void VaeTrainer::resume_at(uint32_t step) {
  step_ = step;
  clock_.set(step, options_.seed);
}

// A run repeats exactly, so the step that failed can be run again with every activation kept.
void VaeTrainer::explain_not_finite(const Snapshot& good, uint32_t bad_step) {
  restore(good);
  while (step_ < bad_step) run_step();
  Graph graph(device_.limits());
  build_train(graph);
  Step diagnosis(device_, graph, "diagnosis", {}, Sharing::kNone);
  diagnosis.run();
  const std::optional<BadTensor> bad = first_bad_tensor(diagnosis, graph);
  restore(good);
  std::string where = bad ? fmt::format("first in {} {}, element {} is {}", bad->label, bad->shape,
                                        bad->index, bad->value)
                          : "not repeated when the step was run again";
  throw NotFinite(
      fmt::format("training stopped at step {}: the loss is not finite; {}", bad_step + 1, where));
}

}  // namespace pumice::train
