#include "engine/self_test/judge.h"

#include <cmath>

#include "engine/base/require.h"

namespace pumice::self_test {
namespace {

using Results = std::vector<std::vector<float>>;

Results run_and_read(Step& step, const Tensors& outputs) {
  step.run();
  Results results;
  for (const Tensor& output : outputs) results.push_back(step.read_floats(output));
  return results;
}

/// By bits: a NaN equals itself.
bool is_same(const Results& a, const Results& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    const auto left = std::as_bytes(std::span(a[i])), right = std::as_bytes(std::span(b[i]));
    if (!std::ranges::equal(left, right)) return false;
  }
  return true;
}

void set_problem(Row& row, Verdict verdict, std::string problem) {
  if (row.verdict != Verdict::kRight) return;  // the first is enough
  row.verdict = verdict;
  row.problem = std::move(problem);
}

void compare_one(Row& row, const Tensor& output, const std::vector<float>& found,
                 const Wanted& wanted) {
  require(found.size() == wanted.values.size(), "self-test: {} has {} numbers, expected {}",
          row.family, found.size(), wanted.values.size());
  for (size_t i = 0; i < found.size(); ++i) {
    const double error = std::abs(found[i] - wanted.values[i]) / (1 + std::abs(wanted.values[i]));
    // Comparisons with a NaN are false.
    if (!(error <= row.largest_error) && !std::isnan(row.largest_error)) row.largest_error = error;
    if (!(error <= wanted.tolerance)) {
      set_problem(row, Verdict::kWrong,
                  fmt::format("number {} of {} is {}, expected {}", i, output.shape(), found[i],
                              wanted.values[i]));
    }
  }
}

}  // namespace

void compare(Row& row, Step& step, const Tensors& outputs, const std::vector<Wanted>& wanted) {
  const Results results = run_and_read(step, outputs);
  for (size_t i = 0; i < outputs.size(); ++i) {
    compare_one(row, outputs[i], results[i], wanted[i]);
  }
  if (!is_same(results, run_and_read(step, outputs))) {
    set_problem(row, Verdict::kVaries, "a second run gave other bits");
  }
}

void judge(Row& row, const std::function<void()>& work) try {
  work();
} catch (const hal::DeviceLost&) {
  throw;
} catch (const Error& error) {
  set_problem(row, Verdict::kFailed, error.what());
}

}  // namespace pumice::self_test
