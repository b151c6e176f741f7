#pragma once

#include "web/panel.h"
#include "web/workspace.h"

namespace pumice::web {

/// What computes, what it can take, and how long it takes.
class DevicePanel final : public Panel {
 public:
  explicit DevicePanel(const Workspace& workspace) : workspace_(workspace) {}

  const char* name() const override { return "Device"; }
  void draw() override;

 private:
  const Workspace& workspace_;
  Statistics frames_;  ///< when they were drawn, in milliseconds
};

}  // namespace pumice::web
