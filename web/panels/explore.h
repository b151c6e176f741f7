#pragma once

#include <memory>

#include "web/drawing/image_view.h"
#include "web/panels/panel.h"
#include "web/state/decoder.h"
#include "web/state/influence.h"

namespace pumice::web {

/// One point of the latent space: a slider for each of its numbers, and if there are two, a pad
/// over the manifold.
class ExplorePanel final : public Panel {
 public:
  explicit ExplorePanel(Workspace& workspace);

  const char* name() const override { return "Explore"; }
  void draw() override;
  void request() override;
  void poll() override;
  void decode_anew() override;

 private:
  void draw_buttons();
  void draw_sliders();
  void draw_slider(uint32_t index);
  void draw_pad(float side);
  void step_randomly();
  uint32_t manifold_side() const;

  Workspace& workspace_;
  Decoder decoder_;
  std::vector<float> requested_;
  ImageView view_;
  std::unique_ptr<Influence> influence_;
  std::vector<uint32_t> order_;                ///< the order of the sliders
  std::unique_ptr<Decoder> manifold_decoder_;  ///< null unless latents have two numbers
  ImageView manifold_;
  uint64_t random_steps_ = 0;
};

}  // namespace pumice::web
