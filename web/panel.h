#pragma once

namespace pumice::web {

/// One tab. draw() runs once a frame while it is shown and asks for what it misses; poll() runs
/// often, and takes what has arrived. Both may throw Error.
class Panel {
 public:
  virtual ~Panel() = default;
  virtual const char* name() const = 0;
  virtual void draw() = 0;
  virtual void poll() {}
};

}  // namespace pumice::web
