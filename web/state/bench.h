#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pumice::web {

/// The benchmark, which runs beside the page in a worker (page/bench.js), whatever model is open.
struct Bench {
  enum class State { kNone, kRunning, kDone, kFailed };
  State state = State::kNone;
  double began = 0;     ///< milliseconds: see page_now()
  std::string stage;    ///< what is being measured
  std::string note;     ///< the last remark about it; may be empty
  std::string problem;  ///< if it failed
  std::string setting;  ///< of the result: the line that names the device
  std::vector<std::vector<std::string>> rows = {};  ///< the result: labels and texts
};

/// A finished one, from what the worker sends: the setting, and lines "label\ttext".
Bench finished_bench(const std::string& lines);

}  // namespace pumice::web
