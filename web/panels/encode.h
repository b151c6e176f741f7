#pragma once

#include <memory>

#include "web/drawing/image_view.h"
#include "web/panels/class_row.h"
#include "web/panels/panel.h"
#include "web/state/decoder.h"
#include "web/state/paper.h"

namespace pumice::web {

/// An image, drawn by hand or loaded from a file, and its reconstruction from the latent's mean.
class EncodePanel final : public Panel {
 public:
  explicit EncodePanel(Workspace& workspace);

  const char* name() const override { return "Encode"; }
  const char* short_name() const override { return "Draw"; }
  const char* sentence() const override {
    return "Draw something: the encoder turns it into a latent, and the decoder draws it again.";
  }
  Explanation explanation() const override;
  void draw() override;
  void request() override;
  void poll() override;
  void decode_anew() override;
  void undo() override;
  void redo() override;

  /// values [height·width·channels], 0 … 1.
  void take_image(const std::string& file_name, std::vector<float> values);

 private:
  void draw_tools();
  void draw_sources();
  void draw_history();
  void draw_uses();
  void draw_paper(float side);
  void draw_strokes(ImVec2 origin, ImVec2 shown);
  void draw_copy(ImVec2 size);
  void draw_numbers(float width);
  void changed();

  Workspace& workspace_;
  models::Inference encoder_;
  Decoder decoder_;
  Decoder examples_;
  std::unique_ptr<hal::Readback> readback_;
  Paper paper_;
  std::string origin_ = "drawn";  ///< or the file's name
  bool is_new_ = false;           ///< the paper has changed since it was last encoded
  bool erases_ = false;
  bool is_drawing_ = false;
  float pen_ = 0;  ///< radius in pixels
  ImageView drawn_;
  ImageView copy_;
  ClassRow classes_;
};

}  // namespace pumice::web
