#pragma once

#include <memory>
#include <optional>

#include "web/drawing/image_view.h"
#include "web/panels/panel.h"
#include "web/state/decoder.h"

namespace pumice::web {

/// A grid of the first samples of a seed, the same images as `pumice sample` draws. A click chooses
/// a sample, which can be explored or become A or B.
class SamplePanel final : public Panel {
 public:
  explicit SamplePanel(Workspace& workspace) : workspace_(workspace) {}

  const char* name() const override { return "Sample"; }
  const char* sentence() const override {
    return "Images that the model makes up: each from random numbers that the seed determines.";
  }
  Explanation explanation() const override;
  void draw() override;
  void request() override;
  void poll() override;
  void decode_anew() override { requested_.reset(); }

 private:
  struct Wanted {
    uint64_t seed = 0;
    float truncation = 0;
    int side = 0;
    bool operator==(const Wanted&) const = default;
  };
  void draw_controls();
  void draw_settings();
  void draw_choice();
  void draw_grid(float width);
  void draw_marks();
  void draw_preview(uint32_t index);
  void explore();
  Slot chosen() const;

  Workspace& workspace_;
  std::optional<Wanted> requested_;
  std::unique_ptr<Decoder> decoder_;
  ImageView view_;
};

}  // namespace pumice::web
