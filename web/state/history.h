#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace pumice::web {

/// Undo and redo of a value: a list of states and the current one.
template <typename Value>
class History {
 public:
  /// Adds a state after the current one and drops those that were undone. Does nothing if it is
  /// the current one.
  void note(const Value& value) {
    if (!states_.empty() && states_[now_] == value) return;
    if (!states_.empty()) states_.resize(now_ + 1);
    states_.push_back(value);
    if (states_.size() > kMostStates) states_.erase(states_.begin());
    now_ = states_.size() - 1;
  }

  bool can_undo() const { return now_ > 0; }
  bool can_redo() const { return now_ + 1 < states_.size(); }
  /// The state to return to. Only if can_undo(), or can_redo().
  const Value& undo() { return states_[--now_]; }
  const Value& redo() { return states_[++now_]; }

 private:
  static constexpr size_t kMostStates = 200;
  std::vector<Value> states_;
  size_t now_ = 0;
};

}  // namespace pumice::web
