#pragma once

#include <memory>

#include "web/drawing/image_view.h"
#include "web/panels/class_row.h"
#include "web/panels/dial_list.h"
#include "web/panels/panel.h"
#include "web/state/decoder.h"

namespace pumice::web {

/// One point of the latent space: its image, and dials that move it; if latents have two numbers, a
/// pad over the manifold.
class ExplorePanel final : public Panel {
 public:
  explicit ExplorePanel(Workspace& workspace);

  const char* name() const override { return "Explore"; }
  const char* short_name() const override { return "Dials"; }
  const char* sentence() const override {
    return "One image and the latent behind it: turn a dial and see what it means to the model.";
  }
  Explanation explanation() const override;
  void draw() override;
  void request() override;
  void poll() override;
  void decode_anew() override;
  void undo() override { workspace_.undo(); }
  void redo() override { workspace_.redo(); }

 private:
  bool has_plane() const { return workspace_.network().latent_size == 2; }
  void draw_buttons();
  void draw_point_buttons();
  void draw_uses();
  void draw_image(float side);
  void draw_controls(ImVec2 size);
  void draw_pad(float side);
  uint32_t manifold_side() const;

  Workspace& workspace_;
  Decoder decoder_;
  std::vector<float> requested_;
  ImageView view_;
  ClassRow classes_;
  DialList dials_;
  std::unique_ptr<Decoder> manifold_decoder_;  ///< null unless latents have two numbers
  ImageView manifold_;
  uint64_t random_points_ = 0;
};

}  // namespace pumice::web
