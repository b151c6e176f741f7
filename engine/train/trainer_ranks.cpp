#include <algorithm>
#include <set>
#include <span>

#include "engine/ops/ops.h"
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

/// The memory of what is computed from these buffers.
std::set<uint32_t> computed_from(const Graph& graph, const std::vector<hal::BufferPtr>& buffers) {
  std::set<uint32_t> roots;
  const auto is_from = [&](const Tensor& tensor) {
    const TensorInfo& info = graph.info(tensor);
    return roots.contains(info.root) ||
           (info.external && std::ranges::count(buffers, info.external) > 0);
  };
  for (const Node& node : graph.nodes()) {
    const bool is_later = std::ranges::any_of(node.inputs, is_from);
    if (!is_later) continue;
    for (const Tensor& output : node.outputs) roots.insert(graph.info(output).root);
    for (const Tensor& update : node.updates) roots.insert(graph.info(update).root);
  }
  return roots;
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

double Trainer::weight() const {
  double rows = 0;
  for (const Rows& shard : shards_) rows += shard.count;
  return rows / batch_;
}

nn::ForwardContext Trainer::training_pass(const Tensor& step_state) const {
  nn::ForwardContext pass{.training = true, .step_state = step_state};
  if (exchanges_gradients() && parallel_.sync_batch_norm) {
    pass.mean_over_ranks = [means = &built_->means](const Tensor& x) { return means->of(x); };
  }
  if (built_->shard > 0) {
    pass.copy_of_statistic = [statistics = &built_->statistics](const Tensor& x) {
      return statistics->of(x);
    };
  }
  return pass;
}

// From the last shard to the first, which then updates what all of them have used.
std::unique_ptr<Step> Trainer::compile_shared(const Running& running) {
  SharedStep::Exchanged exchanged{.means = {}, .gradients = gradients_};
  if (running.shared_metrics) exchanged.gradients.push_back(running.shared_metrics);
  std::vector<LoweredPlan> plans;
  for (size_t shard = shards_.size(); shard-- > 0;) {
    ShardGraph built(device_, shard);
    build(running, built);
    plans.push_back(lower(built.graph, running.program.name, {}));
    exchanged.means = built.means.buffers();
  }
  return std::make_unique<SharedStep>(device_, std::move(plans), exchanged,
                                      double(shards_[0].count) / batch_, ranks(), times_);
}

/// Those of the whole batch, which the ranks exchange like gradients. Metrics that are computed
/// from gradients, such as their norm, already are.
Tensors Trainer::shared_metrics(const Running& running, const Tensors& metrics) const {
  Graph& graph = metrics.front().graph();
  const std::set<uint32_t> after = computed_from(graph, gradients_);
  Tensors shared;
  for (const Tensor& metric : metrics) {
    shared.push_back(metric);
    if (after.contains(graph.info(metric).root)) continue;
    const uint64_t place = (shared.size() - 1) * kMetricStride;
    shared.back() = graph.external(running.shared_metrics, metric.shape(), DType::kF32, place);
    ops::store(ops::affine(metric, 1, 0), shared.back());
  }
  return shared;
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
