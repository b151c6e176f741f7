#pragma once

#include <memory>
#include <optional>

#include "web/decoder.h"
#include "web/panel.h"
#include "web/picture_view.h"

namespace pumice::web {

/// The way from slot A to slot B: a strip of frames, and the same as an animation.
class InterpolatePanel final : public Panel {
 public:
  explicit InterpolatePanel(Workspace& workspace) : workspace_(workspace) {}

  const char* name() const override { return "Interpolate"; }
  void draw() override;
  void poll() override;

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
  void request_missing();
  void advance();
  void save_gif() const;

  Workspace& workspace_;
  int frames_ = 16;
  bool spherical_ = true;
  bool playing_ = true;
  bool loops_ = true;
  float speed_ = 10;  ///< frames a second
  float position_ = 0;
  std::optional<Wanted> requested_;
  std::unique_ptr<Decoder> decoder_;
  PictureView strip_;
};

}  // namespace pumice::web
