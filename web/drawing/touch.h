#pragma once

#include <optional>

namespace pumice::web {

/// Decides what a finger on the screen does: a tap and a sideways stroke press what is under them,
/// as a mouse does; an up or down stroke scrolls, even if it begins on a slider. What draws under
/// the finger (a pad, the paper) may claim it, and is pressed at once.
class Touch {
 public:
  struct Point {
    float x = 0, y = 0;
    bool operator==(const Point&) const = default;
  };
  enum class Step {
    kWait,     ///< nothing yet
    kPress,    ///< press at start(), then move to the finger
    kMove,     ///< it is pressed
    kScroll,   ///< scroll by scrolled()
    kRelease,  ///< release
    kTap,      ///< press and release at start()
    kNothing,  ///< it ends without a press
  };

  void begin(Point at);
  Step move(Point to);
  Step end();
  /// kPress, if the finger is down and nothing has been decided.
  Step claim();

  bool is_down() const { return state_ != State::kUp; }
  Point start() const { return start_; }
  /// How far the finger moved down since the last call.
  float scrolled();

 private:
  enum class State { kUp, kUndecided, kPressed, kScrolling };
  State state_ = State::kUp;
  Point start_, last_;
  float scrolled_ = 0;
};

}  // namespace pumice::web
