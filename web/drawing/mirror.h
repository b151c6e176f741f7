#pragma once

#include <string>
#include <vector>

#include "web/drawing/control.h"

namespace pumice::web {

/// Hands what the frame has drawn to page/mirror.js, as far as it has changed.
class Mirror {
 public:
  /// After each frame. `message`: to be read out, once.
  void update(const std::string& message);

 private:
  bool update_lines();

  std::vector<Control> controls_;
  std::vector<std::string> lines_;  ///< of controls_: most stay as they are
  std::string message_;
};

}  // namespace pumice::web
