#pragma once

#include "web/panels/panel.h"
#include "web/state/decoder.h"
#include "web/state/statistics.h"

namespace pumice::web {

/// The device and the choice of it, its limits, and how long decodes take.
class DevicePanel final : public Panel {
 public:
  explicit DevicePanel(Workspace& workspace)
      : workspace_(workspace), decoder_(workspace, 1, Decoder::Purpose::kMeasure) {}

  const char* name() const override { return "Device"; }
  const char* short_name() const override { return "Chip"; }
  const char* sentence() const override {
    return "What computes, and how long it takes: nothing leaves this machine.";
  }
  Explanation explanation() const override;
  void draw() override;
  void request() override;
  void poll() override;

 private:
  void draw_choice() const;
  void draw_measurement();
  void measure_frames();
  void next_decode();

  Workspace& workspace_;
  Decoder decoder_;
  int decodes_left_ = 0;    ///< remaining decodes of the measurement
  int frames_left_ = 0;     ///< remaining frames of the measurement, which follow
  double last_frame_ = 0;   ///< when it was drawn, in milliseconds
  Statistics frame_times_;  ///< milliseconds from one frame to the next
};

}  // namespace pumice::web
