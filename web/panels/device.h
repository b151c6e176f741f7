#pragma once

#include "web/panels/panel.h"
#include "web/state/decoder.h"
#include "web/state/statistics.h"

namespace pumice::web {

/// What computes, what it can take, and how long it takes.
class DevicePanel final : public Panel {
 public:
  explicit DevicePanel(Workspace& workspace) : workspace_(workspace), decoder_(workspace, 1) {}

  const char* name() const override { return "Device"; }
  void draw() override;
  void request() override;
  void poll() override;

 private:
  Workspace& workspace_;
  Decoder decoder_;
  int decodes_left_ = 0;  ///< of those that measure
  Statistics frames_;     ///< when they were drawn, in milliseconds
};

}  // namespace pumice::web
