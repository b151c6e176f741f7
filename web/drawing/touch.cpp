#include "web/drawing/touch.h"

#include <cmath>
#include <utility>

namespace pumice::web {
namespace {

constexpr float kDecided = 8;  // CSS pixels of movement

}  // namespace

void Touch::begin(Point at) {
  state_ = State::kUndecided;
  start_ = last_ = at;
  scrolled_ = 0;
}

Touch::Step Touch::move(Point to) {
  const float down = to.y - std::exchange(last_, to).y;
  if (state_ == State::kUp) return Step::kNothing;
  if (state_ == State::kPressed) return Step::kMove;
  if (state_ == State::kScrolling) {
    scrolled_ += down;
    return Step::kScroll;
  }
  const float x = std::abs(to.x - start_.x);
  const float y = std::abs(to.y - start_.y);
  if (std::hypot(x, y) < kDecided) return Step::kWait;
  if (x >= y) {
    state_ = State::kPressed;
    return Step::kPress;
  }
  state_ = State::kScrolling;
  scrolled_ = to.y - start_.y;
  return Step::kScroll;
}

Touch::Step Touch::end() {
  const State state = std::exchange(state_, State::kUp);
  if (state == State::kUndecided) return Step::kTap;
  return state == State::kPressed ? Step::kRelease : Step::kNothing;
}

Touch::Step Touch::claim() {
  if (state_ != State::kUndecided) return Step::kNothing;
  state_ = State::kPressed;
  return Step::kPress;
}

float Touch::scrolled() { return std::exchange(scrolled_, 0.0f); }

}  // namespace pumice::web
