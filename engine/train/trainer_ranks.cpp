#include <algorithm>
#include <span>

#include "engine/train/trainer.h"

// What the trainers of several ranks do together.
namespace pumice::train {
namespace {

/// All values at once, for a single exchange.
template <typename Change>
void change_values(std::vector<std::vector<double>>& rows, const Change& change) {
  std::vector<double> values;
  for (const std::vector<double>& row : rows) values.insert(values.end(), row.begin(), row.end());
  change(std::span(values));
  for (auto value = values.begin(); std::vector<double> & row : rows) {
    for (double& each : row) each = *value++;
  }
}

// In double precision, so that the mean of equal numbers is that number.
void average(std::span<double> values, double weight, Ranks& ranks) {
  for (double& value : values) value *= weight;
  ranks.sum(values);
  for (double& value : values) value = static_cast<float>(value);
}

std::vector<std::byte> averaged(const std::vector<std::byte>& bytes, double weight, Ranks& ranks) {
  const std::vector<float> floats = to_floats(bytes, bytes.size() / sizeof(float));
  std::vector<double> values(floats.begin(), floats.end());
  average(values, weight, ranks);
  const std::vector<float> result(values.begin(), values.end());
  const auto of_result = std::as_bytes(std::span(result));
  return {of_result.begin(), of_result.end()};
}

}  // namespace

Trainer::MetricRows Trainer::mean_over_ranks(MetricRows rows) const {
  if (!is_shared()) return rows;
  change_values(rows, [&](std::span<double> values) { average(values, weight(), ranks()); });
  return rows;
}

Trainer::MetricRows Trainer::of_all_ranks(MetricRows test_rows) const {
  if (!is_shared()) return test_rows;
  for (size_t row = 0; row < test_rows.size(); ++row) {
    if (row % ranks().size() != ranks().rank()) std::ranges::fill(test_rows[row], 0.0);
  }
  change_values(test_rows, [&](std::span<double> values) { ranks().sum(values); });
  return test_rows;
}

std::vector<std::byte> Trainer::read(const NamedState& state) const {
  std::vector<std::byte> bytes = device_.read(*state.buffer)->take();
  return is_shared() && state.is_history ? averaged(bytes, weight(), ranks()) : bytes;
}

nn::ForwardContext Trainer::training_pass(const Tensor& step_state) const {
  nn::ForwardContext pass{.training = true, .step_state = step_state};
  if (rank_means_ != nullptr) {
    pass.mean_over_ranks = [means = rank_means_](const Tensor& x) { return means->of(x); };
  }
  return pass;
}

/// Whether ranks meet after this step.
bool Trainer::is_exchange_due() const {
  return !is_shared() || step_ % parallel_.sync_every == 0 || at_epoch_end();
}

void Trainer::exchange() {
  if (is_shared() && parallel_.sync_every > 1) average_ranks();
}

void Trainer::average_ranks() {
  for (const hal::BufferPtr& buffer : changing_memory(false)) {
    device_.write(*buffer, averaged(device_.read(*buffer)->take(), weight(), ranks()));
  }
}

// Running statistics differ between ranks, and devices round differently.
void Trainer::follow_first_rank() {
  if (!is_shared()) return;
  for (const hal::BufferPtr& buffer : changing_memory(false)) {
    std::vector<std::byte> bytes = device_.read(*buffer)->take();
    ranks().broadcast(bytes);
    if (ranks().rank() != 0) device_.write(*buffer, bytes);
  }
}

}  // namespace pumice::train
