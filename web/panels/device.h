#pragma once

#include "web/panels/panel.h"
#include "web/state/decoder.h"
#include "web/state/statistics.h"

namespace pumice::web {

/// The device and the choice of it, its limits, and how long decodes take.
class DevicePanel final : public Panel {
 public:
  explicit DevicePanel(Workspace& workspace) : workspace_(workspace), decoder_(workspace, 1) {}

  const char* name() const override { return "Device"; }
  void draw() override;
  void request() override;
  void poll() override;

 private:
  void draw_choice() const;

  Workspace& workspace_;
  Decoder decoder_;
  int decodes_left_ = 0;  ///< remaining decodes of the measurement
  Statistics frames_;     ///< the times at which they were drawn, in milliseconds
};

}  // namespace pumice::web
