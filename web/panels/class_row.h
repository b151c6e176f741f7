#pragma once

#include <memory>
#include <vector>

#include "web/drawing/image_view.h"
#include "web/state/decoder.h"

namespace pumice::web {

/// One latent decoded as every class of a conditional model, in a row: the same hand writing all
/// digits. A click chooses the class. Draws nothing for other models.
class ClassRow {
 public:
  /// The workspace must outlive this.
  explicit ClassRow(Workspace& workspace) : workspace_(workspace) {}

  bool is_shown() const;
  /// The height that draw() takes.
  float height(float width) const;
  void draw(float width);
  /// Throws Error, as poll() does.
  void request(const std::vector<float>& latent);
  void poll();
  void decode_anew() { requested_.clear(); }

 private:
  float side(float width) const;

  Workspace& workspace_;
  std::unique_ptr<Decoder> decoder_;
  std::vector<float> requested_;
  ImageView view_;
};

}  // namespace pumice::web
