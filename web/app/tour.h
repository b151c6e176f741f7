#pragma once

#include <string>
#include <vector>

namespace pumice::web {

/// A tour of the tabs, half a minute long: offered at the top of the page on the first visit, and
/// in the help. With reduced motion it waits for the user at each step.
class Tour {
 public:
  Tour();

  void begin();
  void skip();

  /// Draws the offer or the present step, or nothing. `tabs`: those of the open model. Returns the
  /// tab to show now, or null.
  const char* draw(const std::vector<std::string>& tabs);
  /// Milliseconds until the next frame; negative if nothing moves.
  double next_frame() const;

 private:
  enum class State { kOffered, kUnderWay, kOver };
  void draw_offer();
  void draw_step(const char* sentence);
  void to_step(size_t step);

  State state_;
  size_t step_ = 0;
  double began_ = 0;  ///< the step, in milliseconds
  bool is_new_ = true;
  bool is_drawn_ = false;
};

}  // namespace pumice::web
