#pragma once

namespace pumice::web {

/// One tab. What the device refuses must not interrupt drawing, so that asking is apart from it.
class Panel {
 public:
  virtual ~Panel() = default;
  virtual const char* name() const = 0;
  /// For windows as wide as a phone's.
  virtual const char* short_name() const { return name(); }

  /// Runs once a frame while it is shown.
  virtual void draw() = 0;
  /// Asks for what the frame misses; after each draw(). May throw Error.
  virtual void request() {}
  /// Another class is wanted of a conditional model.
  virtual void decode_anew() {}
  /// Takes what has arrived; runs often. May throw Error.
  virtual void poll() {}
};

}  // namespace pumice::web
