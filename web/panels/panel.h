#pragma once

#include "web/drawing/picture.h"

namespace pumice::web {

/// A tab. Requests are separate from drawing, so that device errors do not interrupt it.
class Panel {
 public:
  virtual ~Panel() = default;
  virtual const char* name() const = 0;
  /// For windows as narrow as a phone's.
  virtual const char* short_name() const { return name(); }
  /// Says in one sentence what the tab is for.
  virtual const char* sentence() const = 0;
  /// A question, and what it opens, with a picture: what the sentence takes for granted.
  struct Explanation {
    const char* question;
    const char* answer;
    Picture picture = Picture::kNone;
  };
  virtual Explanation explanation() const = 0;
  /// Whether it shows what the open model does, so that its class and sampling options matter.
  virtual bool shows_model() const { return true; }

  /// Called once per frame while the tab is shown.
  virtual void draw() = 0;
  /// Requests what the frame lacks; called after each draw(). May throw Error.
  virtual void request() {}
  /// Another class is wanted of a conditional model.
  virtual void decode_anew() {}
  /// Takes what has arrived; runs often. May throw Error.
  virtual void poll() {}
  /// The user's last change on this tab.
  virtual void undo() {}
  virtual void redo() {}
};

}  // namespace pumice::web
