#include <cmath>

#include "engine/self_test/activation_reference.h"
#include "engine/self_test/cases.h"

namespace pumice::self_test {
namespace {

/// x[B, T, I], weight[4H, I], recurrent[4H, H], bias[4H] of one LSTM, and its reference.
class Lstm {
 public:
  explicit Lstm(const Inputs& in)
      : in_(in), steps_(in[0].shape[1]), inputs_(in[0].shape[2]), hidden_(in[2].shape[1]) {}

  /// The hidden states [B, T, H].
  std::vector<double> states() const {
    std::vector<double> y;
    for (uint32_t b = 0; b < in_[0].shape[0]; ++b) {
      std::vector<double> h(hidden_, 0.0), c(hidden_, 0.0);
      for (size_t t = 0; t < steps_; ++t) {
        step((b * steps_ + t) * inputs_, h, c);
        y.insert(y.end(), h.begin(), h.end());
      }
    }
    return y;
  }

 private:
  double gate(size_t which, size_t unit, size_t x, const std::vector<double>& h) const {
    const size_t row = which * hidden_ + unit;
    double sum = in_[3].values[row];
    for (size_t k = 0; k < inputs_; ++k) {
      sum += in_[1].values[row * inputs_ + k] * in_[0].values[x + k];
    }
    for (size_t k = 0; k < hidden_; ++k) sum += in_[2].values[row * hidden_ + k] * h[k];
    return sum;
  }

  void step(size_t x, std::vector<double>& h, std::vector<double>& c) const {
    std::vector<double> next(hidden_);
    for (size_t unit = 0; unit < hidden_; ++unit) {
      c[unit] = logistic(gate(1, unit, x, h)) * c[unit] +
                logistic(gate(0, unit, x, h)) * std::tanh(gate(2, unit, x, h));
      next[unit] = logistic(gate(3, unit, x, h)) * std::tanh(c[unit]);
    }
    h = next;
  }

  const Inputs& in_;
  size_t steps_, inputs_, hidden_;
};

Case lstm_case(uint32_t batch, uint32_t steps, uint32_t inputs, uint32_t hidden) {
  return {
      .shapes = {{batch, steps, inputs}, {4 * hidden, inputs}, {4 * hidden, hidden}, {4 * hidden}},
      .run = [](const Tensors& in) { return ops::lstm(in[0], in[1], in[2], in[3]); },
      .reference = [](const Inputs& in) { return Lstm(in).states(); }};
}

}  // namespace

Group lstms() {
  return {.family = "LSTM",
          .cases = {lstm_case(3, 5, 4, 7), lstm_case(5, 4, 8, 8), lstm_case(33, 7, 28, 36)}};
}

}  // namespace pumice::self_test
