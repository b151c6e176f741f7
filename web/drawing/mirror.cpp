#include "web/drawing/mirror.h"

#include "web/drawing/items.h"
#include "web/page/browser.h"

namespace pumice::web {

// Returns whether there are others than in the last frame.
bool Mirror::update_lines() {
  const std::vector<Control>& controls = items();
  if (controls == controls_) return false;
  lines_.resize(controls.size());
  for (size_t i = 0; i < controls.size(); ++i) {
    const bool is_same = i < controls_.size() && controls[i] == controls_[i];
    if (!is_same) lines_[i] = to_line(controls[i]);
  }
  controls_ = controls;
  return true;
}

void Mirror::update(const std::string& message) {
  if (update_lines() || message != message_) {
    std::string all;
    for (const std::string& line : lines_) all += line;
    page_mirror(all.c_str(), message.c_str());
  }
  message_ = message;
}

}  // namespace pumice::web
