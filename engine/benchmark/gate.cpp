#include "engine/benchmark/gate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/require.h"

namespace pumice::benchmark {
namespace {

constexpr size_t kSingleSteps = 10;
constexpr size_t kWindow = 10;

/// The steps that a mean of a curve covers, from 0.
struct Window {
  size_t first = 0;
  size_t count = 1;
};

Window window(size_t index) {
  if (index < kSingleSteps) return {.first = index, .count = 1};
  return {.first = kSingleSteps + (index - kSingleSteps) * kWindow, .count = kWindow};
}

double mean_of(std::span<const Metrics> steps, std::string_view metric) {
  double sum = 0;
  for (const Metrics& metrics : steps) sum += value_of(metrics, metric);
  return sum / static_cast<double>(steps.size());
}

LossCurve curve_of(std::string_view metric, std::span<const Metrics> steps) {
  LossCurve curve{.metric = std::string(metric), .means = {}};
  for (size_t i = 0;; ++i) {
    const auto [first, count] = window(i);
    if (first + count > steps.size()) return curve;
    curve.means.push_back(mean_of(steps.subspan(first, count), metric));
  }
}

/// A mean and its distance from the reference's, relative to the tolerance.
struct Deviation {
  double size = 0;
  std::string text;
};

Deviation deviation_at(size_t index, const std::string& metric, double found, double expected,
                       const Reference& reference) {
  const double tolerance = reference.tolerance.at(index);
  const double size = std::abs(found - expected) / (std::abs(expected) * tolerance);
  const auto [first, count] = window(index);
  const std::string steps = count == 1 ? fmt::format("step {}", first + 1)
                                       : fmt::format("steps {} to {}", first + 1, first + count);
  return {.size = std::isfinite(found) ? size : std::numeric_limits<double>::infinity(),
          .text = fmt::format("{} of {} is {:.6g}, expected {:.6g} within {:g} %", metric, steps,
                              found, expected, 100 * tolerance)};
}

Deviation largest_deviation(const std::vector<LossCurve>& curves, const Reference& reference) {
  Deviation largest;
  for (size_t c = 0; c < curves.size(); ++c) {
    const std::vector<double>& expected = reference.curves.at(c).means;
    for (size_t i = 0; i < std::min(curves[c].means.size(), expected.size()); ++i) {
      Deviation own = deviation_at(i, curves[c].metric, curves[c].means[i], expected[i], reference);
      if (largest.text.empty() || own.size > largest.size) largest = std::move(own);
    }
  }
  return largest;
}

}  // namespace

double Tolerance::at(size_t index) const {
  if (index >= kSingleSteps) return later;
  return std::min(first * std::pow(growth, static_cast<double>(index)), later);
}

std::vector<LossCurve> loss_curves(const Workload& workload, std::span<const Metrics> steps) {
  std::vector<LossCurve> curves;
  for (const std::string& metric : workload.metrics) curves.push_back(curve_of(metric, steps));
  return curves;
}

std::string_view name(Validity validity) {
  if (validity == Validity::kValid) return "valid";
  return validity == Validity::kWrong ? "wrong" : "unchecked";
}

Verdict judge(const Workload& workload, const Reference& reference,
              std::span<const Metrics> steps) {
  require(!steps.empty(), "{}: expects the losses of at least one step", workload.name);
  const size_t compared = std::min<size_t>(steps.size(), workload.checked_steps);
  Verdict verdict{.steps = static_cast<uint32_t>(compared),
                  .text = {},
                  .curves = loss_curves(workload, steps.first(compared))};
  const Deviation largest = largest_deviation(verdict.curves, reference);
  verdict.largest_deviation = largest.size;
  verdict.validity = largest.size <= 1 ? Validity::kValid : Validity::kWrong;
  verdict.text = verdict.validity == Validity::kValid
                     ? fmt::format("the losses of the first {} steps are right", compared)
                     : largest.text;
  return verdict;
}

}  // namespace pumice::benchmark
