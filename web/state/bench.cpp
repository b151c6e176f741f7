#include "web/state/bench.h"

#include <algorithm>

namespace pumice::web {
namespace {

/// Removes what is before the first `end`, and that.
std::string take_until(char end, std::string& text) {
  const size_t length = std::min(text.find(end), text.size());
  std::string first = text.substr(0, length);
  text.erase(0, length + 1);
  return first;
}

}  // namespace

Bench finished_bench(const std::string& lines) {
  std::string rest = lines;
  Bench bench{.state = Bench::State::kDone};
  bench.setting = take_until('\n', rest);
  while (!rest.empty()) {
    std::string text = take_until('\n', rest);
    std::string label = take_until('\t', text);
    bench.rows.push_back({std::move(label), std::move(text)});
  }
  return bench;
}

}  // namespace pumice::web
