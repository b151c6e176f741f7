#include "engine/ops/tune.h"

#include <algorithm>
#include <limits>

namespace pumice::ops {
namespace {

constexpr double kMargin = 0.03;

struct Entry {
  std::string key;
  Problem problem;
  double cost = 0;
};

std::vector<Entry> by_cost(const hal::Tuning::Wanted& wanted) {
  std::vector<Entry> all;
  for (const auto& [key, value] : wanted) {
    const auto& problem = std::any_cast<const Problem&>(value);
    all.push_back({key, problem, cost_of(problem)});
  }
  std::ranges::stable_sort(all, std::greater{}, &Entry::cost);
  return all;
}

/// What is left of the budget, and for how many measurements it will do.
class Time {
 public:
  explicit Time(const TuneBudget& budget) : now_(budget.now), end_(now_() + budget.seconds) {}

  /// As the latest measured() took; at least one if nothing was measured and there is time.
  bool suffices(double cost, size_t count) const {
    const double left = end_ - now_();
    return left > 0 && seconds_per_cost_ * cost * static_cast<double>(count) <= left;
  }

  double measured(double cost, const std::function<double()>& measure) {
    const double begin = now_();
    const double seconds = measure();
    seconds_per_cost_ = (now_() - begin) / cost;
    return seconds;
  }

 private:
  const std::function<double()>& now_;
  double end_;
  double seconds_per_cost_ = 0;
};

/// The fastest of at least two candidates; absent if there is no time to measure all of them. The
/// first may have been measured on a device that was still waking up, so it gets a second chance.
std::optional<CoreChoice> fastest(const Entry& entry, const std::vector<CoreChoice>& all,
                                  const Measure& measure, Time& time) {
  double best = std::numeric_limits<double>::infinity();
  double of_rule = best;
  CoreChoice winner = all[0];
  for (size_t i = 0; i < all.size(); ++i) {
    if (!time.suffices(entry.cost, all.size() - i)) return std::nullopt;
    const double seconds =
        time.measured(entry.cost, [&] { return measure(entry.problem, all[i], best); });
    if (i == 0) of_rule = seconds;
    if (seconds < best) winner = all[i];
    best = std::min(best, seconds);
  }
  if (winner == all[0]) return winner;
  of_rule = std::min(of_rule, measure(entry.problem, all[0], of_rule));
  return best < (1 - kMargin) * of_rule ? winner : all[0];
}

}  // namespace

TuneResult tune(const hal::Tuning::Wanted& wanted, const hal::Limits& limits,
                const Measure& measure, const TuneBudget& budget) {
  Time time(budget);
  TuneResult result;
  for (const Entry& entry : by_cost(wanted)) {
    const std::vector<CoreChoice> all = candidates(entry.problem, limits);
    std::optional<CoreChoice> found;
    if (all.size() > 1) {
      found = fastest(entry, all, measure, time);
    } else {
      ++result.alone;
    }
    if (found) ++result.measured;
    if (found && *found != all[0]) ++result.changed;
    result.choices[entry.key] = kernel_choice(found.value_or(all[0]));
  }
  return result;
}

}  // namespace pumice::ops
