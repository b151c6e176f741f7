#pragma once

#include <memory>

#include "web/drawing/image_view.h"
#include "web/panels/panel.h"
#include "web/state/decoder.h"

namespace pumice::web {

/// An image, drawn by hand or loaded from a file, and its reconstruction from the latent's mean.
class EncodePanel final : public Panel {
 public:
  explicit EncodePanel(Workspace& workspace);

  const char* name() const override { return "Encode"; }
  void draw() override;
  void request() override;
  void poll() override;
  void decode_anew() override { is_new_ = true; }

  /// values [height·width·channels], 0 … 1.
  void take_image(const std::string& file_name, std::vector<float> values);

 private:
  void draw_buttons();
  void draw_paper(float side);
  void paint(float column, float row);
  void clear();
  void invert();

  Workspace& workspace_;
  models::Inference encoder_;
  Decoder decoder_;
  std::unique_ptr<hal::Readback> moments_;
  std::vector<float> paper_;  ///< [height·width·channels]
  std::string origin_;        ///< "drawn", or the file's name
  bool is_new_ = false;       ///< the paper has changed since it was last encoded
  ImageView drawn_;
  ImageView copy_;
};

}  // namespace pumice::web
