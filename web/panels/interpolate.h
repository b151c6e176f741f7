#pragma once

#include <memory>
#include <optional>

#include "web/drawing/image_view.h"
#include "web/panels/panel.h"
#include "web/panels/save_animation.h"
#include "web/state/decoder.h"
#include "web/state/playback.h"

namespace pumice::web {

/// The path from slot A to slot B by way of others, as a strip of frames and as an animation. Where
/// the device is fast enough, the animation decodes an image of its own for each frame of the
/// screen. Drawn in interpolate_stage.cpp.
class InterpolatePanel final : public Panel {
 public:
  explicit InterpolatePanel(Workspace& workspace);

  const char* name() const override { return "Interpolate"; }
  const char* short_name() const override { return "Path"; }
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
    std::vector<float> stops;
    int frames = 0;
    bool spherical = false;
    bool is_tour = false;
    bool operator==(const Wanted&) const = default;
  };
  void fill_empty_slots();
  void draw_slot_buttons();
  void draw_uses();
  void draw_way_points();
  void draw_path();
  void draw_stage();
  void draw_end(size_t slot, float side);
  void draw_player(float side);
  void draw_frames();
  void draw_strip(uint32_t shown);
  uint32_t strip_columns() const;
  void advance();
  void request_strip();
  void request_live();
  void show_frame(int frame);
  int most_frames() const;
  int frames_of_path() const;
  /// The frame at a stop: A is 0, the last is B.
  uint32_t frame_of(size_t stop) const;
  size_t stops() const { return 2 + workspace_.way_points.size(); }
  void save();

  Workspace& workspace_;
  Playback playback_{.is_playing = !reduces_motion()};
  double advanced_at_ = -1;  ///< milliseconds; negative: not playing
  std::optional<Saved> wanted_file_;
  bool waits_ = false;  ///< at the end, for the frames of the next path
  std::optional<Wanted> requested_;
  std::unique_ptr<Decoder> decoder_;
  ImageView strip_;
  Decoder live_;  ///< of the image between two frames of the strip
  std::vector<float> live_wanted_;
  float live_wanted_at_ = 0;  ///< the position, in frames
  float live_at_ = 0;         ///< of the image that has arrived
  ImageView live_view_;
};

}  // namespace pumice::web
