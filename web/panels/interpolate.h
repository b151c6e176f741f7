#pragma once

#include <memory>
#include <optional>

#include "web/drawing/image_view.h"
#include "web/panels/panel.h"
#include "web/state/decoder.h"
#include "web/state/playback.h"

namespace pumice::web {

/// The path from slot A to slot B, as a strip of frames and as an animation. Where the device is
/// fast enough, the animation decodes an image of its own for each frame of the screen.
class InterpolatePanel final : public Panel {
 public:
  explicit InterpolatePanel(Workspace& workspace);

  const char* name() const override { return "Interpolate"; }
  const char* short_name() const override { return "A-B"; }
  const char* sentence() const override {
    return "The way from image A to image B through the latent space.";
  }
  Explanation explanation() const override;
  void draw() override;
  void request() override;
  void poll() override;
  void decode_anew() override;

 private:
  struct Wanted {
    std::vector<float> from;
    std::vector<float> to;
    int frames = 0;
    bool spherical = false;
    bool operator==(const Wanted&) const = default;
  };
  void fill_empty_slots();
  void draw_slot_buttons();
  void draw_uses();
  void draw_path();
  void draw_stage();
  void draw_end(size_t slot, float side);
  void draw_player(float side);
  void draw_frames();
  void advance();
  void request_strip();
  void request_live();
  void show_frame(int frame);
  int most_frames() const;
  void save_gif() const;

  Workspace& workspace_;
  Playback playback_{.is_playing = !reduces_motion()};
  double advanced_at_ = -1;  ///< milliseconds; negative: not playing
  bool wants_gif_ = false;
  bool waits_ = false;  ///< at the end, for the frames of the next path
  std::optional<Wanted> requested_;
  std::unique_ptr<Decoder> decoder_;
  ImageView strip_;
  Decoder live_;  ///< of the image between two frames of the strip
  std::vector<float> live_wanted_;
  ImageView live_view_;
};

}  // namespace pumice::web
