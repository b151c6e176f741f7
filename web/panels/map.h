#pragma once

#include <memory>
#include <optional>

#include "web/drawing/image_view.h"
#include "web/panels/map_drawing.h"
#include "web/panels/map_marks.h"
#include "web/panels/panel.h"
#include "web/state/decoder.h"

namespace pumice::web {

/// Test images or samples in a plane of the latent space: see io::LatentMap. The pointer's place is
/// decoded, a click moves the explored point there.
class MapPanel final : public Panel {
 public:
  explicit MapPanel(Workspace& workspace);

  const char* name() const override { return "Map"; }
  const char* sentence() const override {
    return "Where the model puts images: similar ones are close together.";
  }
  Explanation explanation() const override;
  void draw() override;
  void request() override;
  void poll() override;
  void decode_anew() override;
  void undo() override { workspace_.undo(); }
  void redo() override { workspace_.redo(); }

 private:
  /// What the image shows.
  struct Wanted {
    std::vector<float> latent;
    uint32_t label = 0;
    bool operator==(const Wanted&) const = default;
  };
  bool has_plane() const { return workspace_.network().latent_size == 2; }
  void choose_plane();
  void draw_buttons();
  void draw_choices();
  void draw_map(float side);
  void draw_content(const MapFrame& frame);
  void draw_marks(const MapFrame& frame);
  void draw_pointer(const MapFrame& frame);
  void draw_side(ImVec2 size, bool is_beside);
  void draw_legend();
  void take_pointer(const MapFrame& frame);
  void take_arrow(const MapFrame& frame, uint32_t direction);
  void move_to(Wanted wanted);
  Wanted at_point(std::vector<float> latent, uint32_t point) const;
  std::string title(uint32_t label) const;
  std::string words() const;
  void request_plane();

  Workspace& workspace_;
  const io::LatentMap* map_;  ///< null if the file has none
  bool by_numbers_ = false;
  bool shows_thumbnails_;
  std::unique_ptr<MapView> view_;
  std::unique_ptr<MapMarks> marks_;
  std::optional<Wanted> hovered_;
  std::optional<Wanted> requested_;
  Decoder decoder_;
  ImageView image_;
  ImageView thumbnails_;
  std::unique_ptr<Decoder> plane_decoder_;  ///< null unless latents have two numbers
  ImageView plane_;
  std::optional<MapFrame> frame_;  ///< of the last draw()
};

}  // namespace pumice::web
