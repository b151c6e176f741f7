#pragma once

#include <memory>
#include <optional>

#include "web/drawing/image_view.h"
#include "web/panels/panel.h"
#include "web/state/decoder.h"

namespace pumice::web {

/// The path from slot A to slot B, as a strip of frames and as an animation.
class InterpolatePanel final : public Panel {
 public:
  explicit InterpolatePanel(Workspace& workspace) : workspace_(workspace) {
    strip_.describe("frame");
  }

  const char* name() const override { return "Interpolate"; }
  const char* short_name() const override { return "A to B"; }
  void draw() override;
  void request() override;
  void poll() override;
  void decode_anew() override { requested_.reset(); }

 private:
  struct Wanted {
    std::vector<float> from;
    std::vector<float> to;
    int frames = 0;
    bool spherical = false;
    bool operator==(const Wanted&) const = default;
  };
  void fill_empty_slots();
  void draw_slots();
  void draw_path();
  void draw_player();
  void advance();
  void arrive();
  void show_frame(int frame);
  int most_frames() const;
  void save_gif() const;

  Workspace& workspace_;
  bool playing_ = !reduces_motion();
  double advanced_at_ = -1;  ///< milliseconds; negative: not playing
  float position_ = 0;       ///< in frames
  bool wants_gif_ = false;
  bool waits_ = false;        ///< at the end, for the frames of the next path
  uint32_t next_sample_ = 2;  ///< the seed's next sample to wander to
  std::optional<Wanted> requested_;
  std::unique_ptr<Decoder> decoder_;
  ImageView strip_;
};

}  // namespace pumice::web
